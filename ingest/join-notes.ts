/** Joins notes on a document to one sentence; empty notes are left out. */
export function joinNotes(...notes: readonly string[]): string {
  return notes.filter((note) => note !== "").join("; ");
}
