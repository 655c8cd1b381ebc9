import { EXTRACTIVE_MODEL } from "../agents/extractive/extractive-assistant.ts";
import type { Answer } from "../domain/answer.ts";

/** What quoting cannot do: to put a text in other words, to set things against each other, to count, to write. */
const NEEDS_MODEL =
  /\b(?:summar(?:i[sz]e|y)|sum up|tl;?dr|translat(?:e|ion)|rephrase|rewrite|compare|comparison|draft|calculate|how many|count|list (?:all|every|each)|write (?:me )?(?:an?|the)|fass(?:e|en)?\b.*\bzusammen|zusammenfassung|übersetz(?:e|en|ung)|vergleich(?:e|en)?|wie viele)\b/iu;

/** What would help, where a question has no full answer for a reason that its own words show; empty otherwise. */
export function adviceOn({
  question,
  status,
  model,
}: Pick<Answer, "question" | "status" | "model">): readonly string[] {
  if (status === "answered" || model !== EXTRACTIVE_MODEL || !NEEDS_MODEL.test(question)) return [];
  return [
    "This may need a language model: without one an answer only quotes, and does not summarise, translate, compare, count or write. OPENAI_API_KEY and OPENAI_MODEL, or OPENAI_BASE_URL, set one up.",
  ];
}
