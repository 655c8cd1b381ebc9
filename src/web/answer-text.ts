import type { Answer } from "../domain/answer.ts";
import { citedPlaces } from "../domain/cited-places.ts";
import { oneLine } from "../domain/one-line.ts";
import { inReadingForm } from "../domain/reading-form.ts";
import { placeWords } from "./words.ts";

/** An answer to be pasted elsewhere: question, answer, and the cited places with their quotes. */
export function answerText({ question, answer, citations }: Answer): string {
  const sources = citedPlaces(citations).flatMap(({ citation, quotes }) => [
    `[${citation.marker}] ${citation.source}, ${placeWords(citation)}`,
    ...quotes.map((quote) => `    “${oneLine(inReadingForm(quote))}”`),
  ]);
  return [question, answer, ...(sources.length === 0 ? [] : [["Sources", ...sources].join("\n")])].join("\n\n");
}
