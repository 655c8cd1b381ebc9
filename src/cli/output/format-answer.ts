import { describeReading } from "../../answering/describe-reading.ts";
import { isIntroduction, nearestSearch, type Answer } from "../../domain/answer.ts";
import { citedPlaces, SHOWN_QUOTES } from "../../domain/cited-places.ts";
import { countOf, formatNumber } from "../../domain/count-of.ts";
import { inReadingForm } from "../../domain/reading-form.ts";
import type { CommandContext } from "../command-context.ts";
import { formatInterpretation } from "./format-interpretation.ts";
import { formatPlace } from "./source-link.ts";
import { formatSeconds, formatTable, shorten } from "./text-layout.ts";

/** Characters that are shown of the headings over a cited place. */
const LONGEST_HEADING = 60;

/** The list of cited places, each with its headings and the words it was cited for; empty without citations. */
export function formatSources({ citations }: Answer, context: CommandContext): string {
  if (citations.length === 0) return "";
  const { colors, width } = context;
  const places = citedPlaces(citations).flatMap(({ citation, quotes }) => {
    const page = citation.page === null ? "" : ` p. ${citation.page}`;
    const heading = citation.heading === undefined ? "" : `  ${colors.dim(shorten(citation.heading, LONGEST_HEADING))}`;
    const shown = quotes.slice(0, SHOWN_QUOTES).map((quote) => `"${shorten(inReadingForm(quote), width - 6)}"`);
    const more = quotes.length - shown.length;
    return [
      `[${citation.marker}] ${formatPlace(citation, context)}${page}${heading}`,
      ...[...shown, ...(more > 0 ? [`and ${countOf(more, "quote")} more`] : [])].map(
        (line) => `    ${colors.dim(line)}`,
      ),
    ];
  });
  return [colors.bold("Sources"), ...places].join("\n");
}

/** What was read from a question: misspelt words and a place to search; empty if nothing was. */
export function formatReading({ searches }: Answer): string {
  const [first] = searches;
  return describeReading(first?.interpretation, "--as-is").join("\n");
}

/** Why the answer is not complete, and what was searched; empty for a complete one. */
export function formatStanding(given: Answer, { config, colors }: CommandContext): string {
  const { answer, status, searches } = given;
  if (status === "answered" || isIntroduction(given)) return "";
  const verdict =
    status === "partial"
      ? `Partial answer: the collection "${config.collection}" holds only part of it, or says it weakly.`
      : `The collection "${config.collection}" does not hold enough to answer this.`;
  // The built-in assistant names the searches in its text.
  const untold = searches.filter(({ query }) => !answer.includes(query));
  // Further rounds go on with the same question.
  const list = Array.from(
    Map.groupBy(untold, ({ query }) => query),
    ([query, rounds]) =>
      `  "${shorten(query, 80)}" (${countOf(
        rounds.reduce((sum, { hits }) => sum + hits, 0),
        "passage",
      )})`,
  );
  return [
    colors.yellow(verdict),
    ...(list.length === 0 ? [] : ["Searched for:", ...list]),
    ...(nearestSearch(given) !== undefined
      ? ["For the passages that come nearest, give the same question to `citewell search`."]
      : []),
  ].join("\n");
}

/** Rounds, searches, passages with their scores, dropped citations, and what it all took. */
export function formatAnswerDetails(answer: Answer, context: CommandContext): string {
  const { colors } = context;
  const { usage, timing, cost, searches, droppedCitations } = answer;
  const facts = [
    ["Model", answer.model],
    ["Rounds", String(answer.rounds)],
    ["Tokens", `${formatNumber(usage.promptTokens)} in, ${formatNumber(usage.completionTokens)} out`],
    ["Cost", cost.usd === null ? "unknown" : cost.usd === 0 ? "none" : `$${cost.usd.toFixed(4)}`],
    ["Time", `${time(timing.retrieveMs)} retrieval, ${time(timing.generateMs)} answer, ${time(timing.totalMs)} in all`],
    ["Conversation", answer.conversationId],
  ];
  const passages = answer.context.map((entry) => [
    `[${entry.marker}]`,
    entry.score.toFixed(2),
    formatPlace(entry, context),
  ]);
  return [
    formatTable(facts.map(([name = "", value = ""]) => [colors.dim(name), value])),
    "",
    colors.bold("Searches"),
    ...searches.flatMap(({ query, hits, interpretation }) => [
      `  ${shorten(query, 80)} (${countOf(hits, "passage")})`,
      ...(interpretation === undefined ? [] : [indent(formatInterpretation(interpretation, context))]),
    ]),
    "",
    colors.bold("Passages"),
    passages.length === 0 ? "  none" : formatTable(passages, { indent: "  ", right: [0, 1] }),
    ...(droppedCitations.length === 0 ? [] : ["", colors.bold("Dropped citations")]),
    ...droppedCitations.map(({ marker, reason }) => `  [${marker}] ${reason}`),
  ].join("\n");
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}

function time(milliseconds: number): string {
  return formatSeconds(milliseconds / 1_000);
}
