import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { CollectionInfo } from "../../domain/collection.ts";
import { countOf } from "../../domain/count-of.ts";
import { viewHash } from "../address.ts";
import { listDocuments } from "../api.ts";
import type { Conversation } from "../use-conversation.ts";
import { useFetched } from "../use-fetched.ts";
import { EXAMPLE_QUESTIONS, STATUS_WORDS } from "../words.ts";
import { Composer } from "./composer.tsx";
import { TurnView } from "./turn-view.tsx";
import type { ViewProps } from "./view-props.ts";

/** A page of the handbook that the example questions are about. */
const HANDBOOK_PAGE = "handbook/documents/getting-started.md";

interface AskViewProps extends ViewProps {
  readonly conversation: Conversation;
  readonly collections: readonly CollectionInfo[] | null;
}

/** Questions and answers. */
export function AskView({ collection, conversation, collections, panel, onOpen }: AskViewProps): VNode {
  const { turns, running } = conversation;
  const last = turns.at(-1);
  const lastTurn = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const isCalm = last?.phase !== "searching" || matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (turns.length > 1) lastTurn.current?.scrollIntoView({ block: "start", behavior: isCalm ? "instant" : "smooth" });
  }, [turns.length]);

  const composer = (
    <Composer
      running={running}
      placeholder={turns.some(({ answer }) => answer !== null) ? "Ask a follow-up…" : "Ask your documents…"}
      onAsk={(question) => conversation.ask(question, collection)}
      onStop={conversation.stop}
    />
  );
  return (
    <div class={last === undefined ? "ask empty" : "ask"}>
      <p class="visually-hidden" role="status" aria-live="polite">
        {announcement(conversation)}
      </p>
      {last === undefined ? (
        <div class="welcome">
          <h1>Ask. Every answer shows its lines.</h1>
          <p class="lead">{collectionWords(collection, collections)}</p>
          {composer}
          {collections?.length === 0 && (
            <p class="notice">
              Nothing is stored yet. <a href={viewHash("documents")}>Add documents</a> here, or run{" "}
              <code>citewell ingest &lt;folder&gt;</code>; what is being ingested appears by itself.
            </p>
          )}
          <Examples
            collection={collection}
            documents={collections?.find(({ name }) => name === collection)?.documents ?? 0}
            onAsk={(question) => conversation.ask(question, collection)}
          />
        </div>
      ) : (
        <>
          <h1 class="visually-hidden">Questions and answers</h1>
          <div class="turns">
            {turns.map((turn) => (
              <div key={turn.id} class="turn-anchor" ref={turn === last ? lastTurn : undefined}>
                <TurnView
                  turn={turn}
                  panel={panel}
                  onOpen={(document) => onOpen(document, turn.collection)}
                  onRetry={() => conversation.ask(turn.question, turn.collection)}
                />
              </div>
            ))}
          </div>
          <div class="dock">{composer}</div>
        </>
      )}
    </div>
  );
}

/** Questions about the handbook, where it is what the collection holds. */
function Examples({
  collection,
  documents,
  onAsk,
}: {
  readonly collection: string;
  readonly documents: number;
  readonly onAsk: (question: string) => void;
}): VNode | null {
  const fetcher = documents === 0 ? null : (signal: AbortSignal) => listDocuments({ collection, cursor: null }, signal);
  const { value } = useFetched(fetcher, { inputs: [collection, documents] });
  if (value?.documents.some(({ source }) => source.endsWith(HANDBOOK_PAGE)) !== true) return null;
  return (
    <ul class="examples" aria-label="Example questions">
      {EXAMPLE_QUESTIONS.map((question) => (
        <li key={question}>
          <button type="button" onClick={() => onAsk(question)}>
            {question}
          </button>
        </li>
      ))}
    </ul>
  );
}

function collectionWords(collection: string, collections: readonly CollectionInfo[] | null): string {
  const found = collections?.find(({ name }) => name === collection);
  if (found === undefined) return "Answers come from your documents, with a citation for every statement.";
  return `Answers come from ${countOf(found.documents, "document")} in “${found.name}”, with the passage behind every statement.`;
}

function announcement({ turns }: Conversation): string {
  const last = turns.at(-1);
  switch (last?.phase) {
    case undefined:
      return "";
    case "searching":
      return "Searching the documents.";
    case "writing":
      return "The answer is arriving.";
    case "stopped":
      return "Stopped.";
    case "failed":
      return "The question could not be answered.";
    case "done":
      return last.answer === null
        ? ""
        : `${STATUS_WORDS[last.answer.status].label}, ${countOf(last.answer.citations.length, "citation")}. ${last.answer.answer}`;
  }
}
