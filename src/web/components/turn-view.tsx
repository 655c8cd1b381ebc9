import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { isIntroduction, nearestSearch, type Answer, type Citation } from "../../domain/answer.ts";
import { citedPlaces, SHOWN_QUOTES } from "../../domain/cited-places.ts";
import { countOf } from "../../domain/count-of.ts";
import type { Span } from "../../domain/document.ts";
import { inReadingForm } from "../../domain/reading-form.ts";
import { isShownAt, viewHash, type DocumentAddress } from "../address.ts";
import { answerText } from "../answer-text.ts";
import { renderAnswer } from "../markdown.ts";
import { readingWords } from "../reading.ts";
import type { Turn } from "../use-conversation.ts";
import { durationWords, placeWords, STATUS_WORDS, withoutWrapping } from "../words.ts";
import { CopyButton } from "./copy-button.tsx";
import { FailureNotice } from "./failure-notice.tsx";
import { ProseText } from "./passage-text.tsx";
import { PathBefore, SourcePath } from "./source-path.tsx";
import { Skeleton } from "./skeleton.tsx";

interface TurnViewProps {
  readonly turn: Turn;
  /** The document that is shown beside the answers. */
  readonly panel: DocumentAddress | null;
  readonly onOpen: (document: Omit<DocumentAddress, "collection">) => void;
  readonly onRetry: () => void;
  /** Saves the conversation; null where that is not offered. */
  readonly onSave: (() => void) | null;
}

/** Characters from which on a question is a pasted text, which would shout as a heading. */
const LONG_QUESTION = 280;
/** Stands in an answer where no language model wrote it. */
const EXTRACTIVE_MODEL = "extractive";
/** A line that begins further in, as those of programs do. */
const INDENTED = /^(?:\t| {2,})\S/m;
const NO_CITATIONS: readonly Citation[] = [];

/** A question with its answer, as far as it has come. */
export function TurnView({ turn, panel, onOpen, onRetry, onSave }: TurnViewProps): VNode {
  const { phase, text, answer, failure } = turn;
  const citations = answer?.citations ?? NO_CITATIONS;
  const html = useMemo(() => renderAnswer(text, answer?.citations ?? null), [text, answer]);
  const openCitation = (citation: Citation, spans: readonly Span[] = [citation.span]): void =>
    onOpen({ id: citation.documentId, spans });
  const again = (
    <button type="button" class="link" onClick={onRetry}>
      Ask again
    </button>
  );
  return (
    <article class="turn" aria-busy={phase === "searching" || phase === "writing"}>
      <h2 class={turn.question.length > LONG_QUESTION ? "question long" : "question"}>{turn.question}</h2>
      {answer !== null && !isIntroduction(answer) && <StatusLine answer={answer} />}
      {phase === "searching" && <Searching turn={turn} />}
      {text !== "" && (
        <div
          class={phase === "writing" ? "prose writing" : "prose"}
          onClick={(event) => {
            const citation = citations[citationAt(event.target)];
            if (citation !== undefined) openCitation(citation);
          }}
          dangerouslySetInnerHTML={{ __html: html }}
        />
      )}
      {phase === "stopped" && (
        <p class="notice">
          {text === "" ? "Stopped." : "Stopped. What you see is unchecked and may be incomplete."} {again}
        </p>
      )}
      {failure !== null && (
        <FailureNotice failure={failure} collection={turn.collection}>
          {again}
        </FailureNotice>
      )}
      {answer?.warnings?.map((warning) => (
        <p key={warning} class="dim remark">
          {warning}
        </p>
      ))}
      {answer !== null && <Nearest answer={answer} />}
      {citations.length > 0 && <CitationList citations={citations} panel={panel} onOpen={openCitation} />}
      {answer !== null && (
        <div class="turn-foot">
          <CopyButton
            offer={answer.citations.length === 0 ? "Copy" : "Copy with sources"}
            text={() => answerText(answer)}
          />
          {onSave !== null && (
            <button type="button" class="quiet" onClick={onSave}>
              Save conversation
            </button>
          )}
          {!isIntroduction(answer) && <AnswerDetails answer={answer} />}
        </div>
      )}
    </article>
  );
}

function StatusLine({ answer }: { readonly answer: Answer }): VNode {
  const { label, meaning } = STATUS_WORDS[answer.status];
  return (
    <>
      <p class="status">
        <span class={`badge ${answer.status}`}>{label}</span>
        <span class="dim">{meaning}</span>
      </p>
      {readingWords(answer.searches[0]?.interpretation).map((sentence) => (
        <p key={sentence} class="dim reading">
          {sentence}
        </p>
      ))}
    </>
  );
}

/** Where to look for oneself when nothing fitted well enough to be an answer. */
function Nearest({ answer }: { readonly answer: Answer }): VNode | null {
  const search = nearestSearch(answer);
  if (search === undefined) return null;
  return (
    <p class="dim remark">
      It may still be said in other words:{" "}
      <a href={viewHash("search", search.query)}>see the passages that come nearest</a>.
    </p>
  );
}

function Searching({ turn }: { readonly turn: Turn }): VNode {
  const last = turn.searches.at(-1);
  const words =
    last === undefined
      ? "Searching the documents…"
      : turn.round > 1
        ? `Looking further (round ${turn.round})…`
        : `${countOf(last.hits, "passage")} found, reading…`;
  return (
    <div class="searching">
      <p class="dim">{words}</p>
      <Skeleton />
    </div>
  );
}

function CitationList({
  citations,
  panel,
  onOpen,
}: {
  readonly citations: readonly Citation[];
  readonly panel: DocumentAddress | null;
  readonly onOpen: (citation: Citation, spans: readonly Span[]) => void;
}): VNode {
  return (
    <div class="citations">
      <h3>
        {countOf(citations.length, "quote")} from{" "}
        {countOf(new Set(citations.map(({ documentId }) => documentId)).size, "document")}
      </h3>
      <ol>
        {citedPlaces(citations).map(({ citation, quotes, spans }) => (
          <li key={`${citation.marker}-${citation.span.start}`}>
            <button
              type="button"
              class="citation"
              aria-current={isShownAt(panel, { id: citation.documentId, spans }) ? "true" : undefined}
              onClick={() => onOpen(citation, spans)}
            >
              <span class="marker" aria-hidden="true">
                {citation.marker}
              </span>
              <span class="citation-body">
                <span class="citation-source">
                  <strong>{citation.title ?? <SourcePath source={citation.source} />}</strong>
                  <span class="dim">
                    {citation.title !== null && <PathBefore source={citation.source} />}
                    {placeWords(citation)}
                  </span>
                </span>
                {quotes.slice(0, SHOWN_QUOTES).map((quote) => (
                  <Quote key={quote} quote={quote} citation={citation} />
                ))}
                {quotes.length > SHOWN_QUOTES && (
                  <span class="dim">and {countOf(quotes.length - SHOWN_QUOTES, "quote")} more</span>
                )}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Quote({ quote, citation }: { readonly quote: string; readonly citation: Citation }): VNode {
  if (INDENTED.test(quote)) return <span class="quote code">{quote}</span>;
  const text = inReadingForm(withoutWrapping(quote, { isSentence: citation.page !== null }));
  // What has no title may be code, in which backticks say something.
  return <span class="quote">{citation.title === null ? text : <ProseText text={text} />}</span>;
}

function AnswerDetails({ answer }: { readonly answer: Answer }): VNode {
  const { searches, rounds, model, usage, timing, droppedCitations, cost } = answer;
  const tokens = usage.promptTokens + usage.completionTokens;
  return (
    <details class="answer-details">
      <summary>
        {countOf(searches.length, "search", "searches")}
        {rounds > 1 && `, ${countOf(rounds, "round")}`}, {durationWords(timing.totalMs)}
      </summary>
      <dl>
        <dt>Searched for</dt>
        <dd>
          <ul>
            {searches.map(({ query, hits }, index) => (
              <li key={index}>
                “{query}” <span class="dim">{countOf(hits, "passage")}</span>
              </li>
            ))}
          </ul>
        </dd>
        <dt>Model</dt>
        <dd>
          {model === EXTRACTIVE_MODEL ? "none: sentences of the documents, word for word" : model}
          {tokens > 0 && <span class="dim"> {countOf(tokens, "token")}</span>}
          {cost.usd !== null && cost.usd > 0 && <span class="dim"> ${cost.usd.toFixed(4)}</span>}
        </dd>
        <dt>Time</dt>
        <dd>
          {durationWords(timing.retrieveMs)} searching, {durationWords(timing.generateMs)} writing
        </dd>
        {droppedCitations.length > 0 && (
          <>
            <dt>Taken out</dt>
            <dd>
              <ul>
                {droppedCitations.map(({ marker, reason }, index) => (
                  <li key={index}>
                    [{marker}] {reason}
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
      </dl>
    </details>
  );
}

/** Place in the list of the citation whose marker was clicked; -1 for anything else. */
function citationAt(target: EventTarget | null): number {
  const button = target instanceof Element ? target.closest<HTMLElement>("button[data-citation]") : null;
  return button === null ? -1 : Number(button.dataset["citation"]);
}
