import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { isIntroduction } from "../../domain/answer.ts";
import type { CollectionInfo } from "../../domain/collection.ts";
import { countOf } from "../../domain/count-of.ts";
import { viewHash } from "../address.ts";
import { listDocuments } from "../api.ts";
import { conversationFileName, conversationText } from "../conversation-text.ts";
import { spokenAnswer } from "../markdown.ts";
import { saveText } from "../save-text.ts";
import type { Conversation } from "../use-conversation.ts";
import { useFetched } from "../use-fetched.ts";
import { EXAMPLE_QUESTIONS, STATUS_WORDS } from "../words.ts";
import { Composer } from "./composer.tsx";
import { RecentList } from "./recent-list.tsx";
import { TurnView } from "./turn-view.tsx";
import type { ViewProps } from "./view-props.ts";

/** A page of the handbook that the example questions are about. */
const HANDBOOK_PAGE = "handbook/documents/getting-started.md";

/** How many documents are named to those who do not know what a collection holds. */
const NAMED = 3;

interface AskViewProps extends ViewProps {
  readonly conversation: Conversation;
  readonly collections: readonly CollectionInfo[] | null;
}

/** Questions and answers. */
export function AskView({ collection, generation, conversation, collections, panel, onOpen }: AskViewProps): VNode {
  const { turns, running } = conversation;
  const info = collections?.find(({ name }) => name === collection) ?? null;
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
          <Lead info={info} />
          {composer}
          {conversation.lost !== null && (
            <p class="notice" role="alert">
              {conversation.lost.sentence}
            </p>
          )}
          {info?.documents === 0 && (
            <p class="notice">
              “{collection}” holds no documents yet. <a href={viewHash("documents")}>Add documents</a>, then ask.
            </p>
          )}
          {collections?.length === 0 && (
            <p class="notice">
              Nothing is stored yet. <a href={viewHash("documents")}>Add documents</a> here, or run{" "}
              <code>citewell ingest &lt;folder&gt;</code>; what is being ingested appears by itself.
            </p>
          )}
          <Examples
            collection={collection}
            documents={info?.documents ?? 0}
            generation={generation}
            onAsk={(question) => conversation.ask(question, collection)}
          />
          <RecentList />
          {(collections?.length ?? 0) > 0 && (
            <p class="dim own">
              Your own documents? Drop files anywhere on this page, or <a href={viewHash("documents")}>choose them</a>.
            </p>
          )}
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
                  onSave={turn === last && turn.answer !== null ? () => saveTurns(turns) : null}
                  onOpen={(document) => onOpen(document, turn.collection)}
                  onRetry={() => {
                    // The button goes away with the focus.
                    document.getElementById("question")?.focus({ preventScroll: true });
                    conversation.retry(turn);
                  }}
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

function saveTurns(turns: Conversation["turns"]): void {
  const answers = turns.flatMap(({ answer }) => answer ?? []);
  saveText(conversationText(answers), conversationFileName(answers));
}

/** What is asked, in a sentence that leads to the documents. */
function Lead({ info }: { readonly info: CollectionInfo | null }): VNode {
  if (info === null || info.documents === 0) {
    return <p class="lead">Answers come from your documents, with a citation for every statement.</p>;
  }
  return (
    <p class="lead">
      Answers come from <a href={viewHash("documents")}>{countOf(info.documents, "document")}</a> in “{info.name}”, with
      the passage behind every statement.
    </p>
  );
}

/** Questions about the handbook, where it is what the collection holds; else a few of the documents, to ask about. */
function Examples({
  collection,
  documents,
  generation,
  onAsk,
}: {
  readonly collection: string;
  readonly documents: number;
  readonly generation: number;
  readonly onAsk: (question: string) => void;
}): VNode | null {
  const fetcher = documents === 0 ? null : (signal: AbortSignal) => listDocuments({ collection, cursor: null }, signal);
  const { value } = useFetched(fetcher, { inputs: [collection, documents, generation] });
  if (value === null || value.documents.length === 0) return null;
  if (!value.documents.some(({ source }) => source.endsWith(HANDBOOK_PAGE))) {
    const names = value.documents.slice(0, NAMED).map(({ title, source }) => `“${title ?? source}”`);
    return <p class="dim among">{`Among them: ${names.join(", ")}`}</p>;
  }
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
        : isIntroduction(last.answer)
          ? spokenAnswer(last.answer.answer)
          : `${STATUS_WORDS[last.answer.status].label}, ${countOf(last.answer.citations.length, "quote")}. ${spokenAnswer(last.answer.answer)}`;
  }
}
