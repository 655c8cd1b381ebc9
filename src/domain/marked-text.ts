/**
 * The text of a file that people write by hand: UTF-8, or UTF-16 where its mark stands in front, as what `>` of Windows
 * PowerShell makes has it. The mark is not part of the text.
 */
export function markedText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const isLittle = first === 0xff && second === 0xfe;
  const isBig = first === 0xfe && second === 0xff;
  return new TextDecoder(isLittle ? "utf-16le" : isBig ? "utf-16be" : "utf-8").decode(bytes);
}
