const KEYS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/** The letters on the keys around that of a small letter, on an English keyboard; none for what is no such letter. */
export function neighbouringKeys(letter: string): readonly string[] {
  const row = KEYS.findIndex((keys) => keys.includes(letter));
  const column = KEYS[row]?.indexOf(letter) ?? -1;
  if (letter === "" || column < 0) return [];
  const places = [
    [row, column - 1],
    [row, column + 1],
    [row - 1, column],
    [row - 1, column + 1],
    [row + 1, column - 1],
    [row + 1, column],
  ];
  return places.flatMap(([y = -1, x = -1]) => KEYS[y]?.[x] ?? []);
}
