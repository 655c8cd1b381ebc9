const warned = new Set<string>();

/** Tells the program's author something by `process.emitWarning`, once in the life of the process. */
export function warnOnce(sentence: string, type: "Warning" | "DeprecationWarning" = "Warning"): void {
  if (warned.has(sentence)) return;
  warned.add(sentence);
  process.emitWarning(sentence, type);
}
