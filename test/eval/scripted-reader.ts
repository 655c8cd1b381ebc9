import type { Agent, AgentReply, ReplyEvent, ReplyRequest } from "../../src/agents/agent.ts";
import { CONTEXT_REQUEST_TEXT } from "../../src/agents/retrieve/context-request.ts";
import type { Passage } from "../../src/domain/answer.ts";
import { analyse } from "../../src/lexical/analyse.ts";
import { metNeeds, type Need, type ShownText } from "./loop-question.ts";

/** Names that a query takes over from what was read, at most. */
const MOST_NAMES = 6;
const NAME = /\p{Lu}[\p{L}\p{N}'’-]+(?:\s+(?:(?:of|the|de|and|von|van)\s+)?\p{Lu}[\p{L}\p{N}'’-]+)*/gu;

/** A reader that asks until it has read all that it needs; what it was sent is kept in `sent` and `rounds`. */
export interface ScriptedReader extends Agent {
  readonly rounds: readonly (readonly ShownText[])[];
  readonly sent: readonly number[];
}

/** Options of {@link createScriptedReader}. */
export interface ScriptedReaderOptions {
  readonly question: string;
  readonly needs: readonly Need[];
  readonly count: (text: string) => number;
  /**
   * Whether it names better words, as a model may: the names in the needed passages that it has read and that the
   * question does not hold, behind the question's words that those passages leave open.
   */
  readonly namesQueries: boolean;
}

/** Makes a reader for one question. */
export function createScriptedReader({ question, needs, count, namesQueries }: ScriptedReaderOptions): ScriptedReader {
  const rounds: (readonly ShownText[])[] = [];
  const sent: number[] = [];
  const asked = new Set<string>();
  return {
    name: "reader",
    description: "Reads until it has seen all that it needs.",
    rounds,
    sent,
    async *streamReply({ messages }: ReplyRequest): AsyncGenerator<ReplyEvent, AgentReply> {
      const passages = messages.at(-1)?.retrieval?.passages ?? [];
      rounds.push(passages.map((passage) => toShown(passage, count)));
      sent.push(messages.reduce((sum, { content }) => sum + count(content), 0));
      const shown = rounds.flat();
      const met = metNeeds(needs, shown);
      const complete = met.length === needs.length;
      const query = namesQueries && !complete ? queryOf(question, supporting(met, shown)) : null;
      const content = complete ? "All of it was read [1]." : requestOf(query, asked);
      yield { type: "delta", text: content };
      return { type: "message", message: { role: "assistant", content } };
    },
  };
}

function toShown({ hit: { source, text, span } }: Passage, count: (text: string) => number): ShownText {
  return { source, text, span, tokens: count(text) };
}

function supporting(met: readonly Need[], shown: readonly ShownText[]): string {
  return shown
    .filter(({ source }) => met.some((need) => need.source === source))
    .map(({ text }) => text)
    .join("\n");
}

function queryOf(question: string, read: string): string | null {
  if (read === "") return null;
  const known = new Set(analyse(question));
  const names = [...new Set(read.match(NAME))].filter((name) => analyse(name).some((term) => !known.has(term)));
  const held = new Set(analyse(read));
  const open = question.split(/\s+/).filter((word) => analyse(word).some((term) => !held.has(term)));
  const words = [...open, ...names.slice(0, MOST_NAMES)].join(" ");
  return names.length === 0 ? null : words;
}

/** The same words are not asked for twice: the plain request goes on in the ranking. */
function requestOf(query: string | null, asked: Set<string>): string {
  if (query === null || asked.has(query)) return CONTEXT_REQUEST_TEXT;
  asked.add(query);
  return JSON.stringify({ request: "update-context", query });
}
