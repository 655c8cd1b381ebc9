/** What is out of the ordinary about a document, as one sentence; empty notes are left out. */
export function joinNotes(...notes: readonly string[]): string {
  return notes.filter((note) => note !== "").join("; ");
}
