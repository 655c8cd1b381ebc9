/** For the report: which slides or sheets were read though the program does not show them; none where all are shown. */
export function hiddenNotes(noun: "slide" | "sheet", hidden: readonly (string | number)[]): readonly string[] {
  if (hidden.length === 0) return [];
  return [`read with what is hidden: ${noun}${hidden.length === 1 ? "" : "s"} ${hidden.join(", ")}`];
}
