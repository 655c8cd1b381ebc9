/** Normalises an answer as SQuAD does to compare it: small letters, without punctuation, articles and markers. */
export function normaliseAnswer(text: string): string {
  return text
    .replaceAll(/\[\d+\]/g, " ")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s]/gu, "")
    .replaceAll(/\b(?:a|an|the)\b/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** 1 if the answer is one of the right ones, else 0. */
export function exactMatch(answer: string, right: readonly string[]): number {
  const given = normaliseAnswer(answer);
  return right.some((one) => normaliseAnswer(one) === given) ? 1 : 0;
}

/** F1, the harmonic mean of precision and recall over words, for the right answer that fits best. */
export function answerF1(answer: string, right: readonly string[]): number {
  return Math.max(0, ...right.map((one) => wordF1(normaliseAnswer(answer), normaliseAnswer(one))));
}

function wordF1(given: string, right: string): number {
  const [left, other] = [given, right].map((text) => (text === "" ? [] : text.split(" ")));
  if (left === undefined || other === undefined) return 0;
  if (left.length === 0 || other.length === 0) return left.length === other.length ? 1 : 0;
  const rest = [...other];
  let common = 0;
  for (const word of left) {
    const index = rest.indexOf(word);
    if (index === -1) continue;
    rest.splice(index, 1);
    common += 1;
  }
  if (common === 0) return 0;
  const precision = common / left.length;
  const recall = common / other.length;
  return (2 * precision * recall) / (precision + recall);
}

/** The share of the wanted statements that a text makes, each in any of its forms. */
export function shareHeld(text: string, wanted: readonly (readonly string[])[]): number {
  const plain = squash(text);
  const held = wanted.filter((forms) => forms.some((form) => plain.includes(squash(form))));
  return held.length / Math.max(1, wanted.length);
}

/** The text in small letters with single spaces. */
export function squash(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim().toLowerCase();
}
