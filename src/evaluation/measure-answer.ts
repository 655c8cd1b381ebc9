import type { Answer } from "../domain/answer.ts";
import { runToEnd } from "../domain/run-to-end.ts";
import { answerF1, exactMatch, shareHeld } from "./answer-metrics.ts";
import { citedStatements, isSupported } from "./citation-support.ts";
import type { MeasureParts } from "./measure-search.ts";
import { coverage } from "./span-metrics.ts";

/** Asks a question and measures the answer, its citations, and whether it rightly abstains. */
export async function measureAnswer(
  parts: MeasureParts & { readonly model: string | null },
): Promise<{ readonly metrics: Readonly<Record<string, number>>; readonly answer: string; readonly model: string }> {
  const { question } = parts;
  const answer = await ask(parts);
  const { answer: text, model } = answer;
  const isAbstaining = answer.status === "insufficient" ? 1 : 0;
  if (question.unanswerable) return { metrics: { rightAbstention: isAbstaining }, answer: text, model };
  const { answers, must } = question;
  const metrics = {
    wrongAbstention: isAbstaining,
    ...(answers.length === 0 ? {} : { answerExact: exactMatch(text, answers), answerF1: answerF1(text, answers) }),
    ...(must.length === 0 ? {} : { mustHeld: shareHeld(text, must) }),
    ...(await citationMetrics(answer, parts)),
  };
  return { metrics, answer: text, model };
}

async function ask({
  useCases,
  question,
  collection,
  model,
  signal,
}: MeasureParts & { readonly model: string | null }): Promise<Answer> {
  const request = {
    question: question.question,
    collection,
    ...(model === null ? {} : { model }),
    ...(question.task === undefined ? {} : { task: question.task }),
    signal,
  };
  return await runToEnd(useCases.answerQuestion(request));
}

/** The citations are checked against the stored text again: what an answer says of itself proves nothing. */
async function citationMetrics(
  { answer, citations, droppedCitations }: Answer,
  { resolver, references }: MeasureParts,
): Promise<Record<string, number>> {
  const all = citations.length + droppedCitations.length;
  if (all === 0) return {};
  let valid = 0;
  let supported = 0;
  let onReference = 0;
  const statements = citedStatements(answer);
  for (const { marker, documentId, span, quote } of citations) {
    const content = await resolver.read(documentId);
    const isValid = content?.text.slice(span.start, span.end) === quote;
    if (isValid) valid += 1;
    if (isValid && statements.some((one) => one.marker === marker && isSupported(one.statement, quote))) supported += 1;
    const touches = references.some((reference) =>
      reference.span === null
        ? reference.documentId === documentId
        : coverage({ documentId: reference.documentId, ...reference.span }, { documentId, ...span }) > 0,
    );
    if (touches) onReference += 1;
  }
  const share = { citationValid: valid / all, citationSupported: supported / all };
  return references.length === 0 || citations.length === 0
    ? share
    : { ...share, citationOnReference: onReference / citations.length };
}
