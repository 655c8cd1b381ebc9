import { Fragment, type VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { countOf } from "../../domain/count-of.ts";
import type { Span } from "../../domain/document.ts";
import type { DocumentAddress } from "../address.ts";
import { readDocument, type Failure, type ReadDocument } from "../api.ts";
import { placeOf, windowOf, type ShownLine } from "../document-window.ts";
import { useFetched } from "../use-fetched.ts";
import { byteWords, placeWords } from "../words.ts";
import { CopyButton } from "./copy-button.tsx";
import { PassageText, ProseText } from "./passage-text.tsx";
import { Skeleton } from "./skeleton.tsx";

interface DocumentPanelProps {
  readonly address: DocumentAddress;
  readonly generation: number;
  readonly onClose: () => void;
  readonly onFailure: (failure: Failure) => void;
}

/** Code units shown around the passage at first, and added by each "Show more". */
const STEP = 20_000;

/** Formats whose text is Markdown, most of them since it was taken out of its layout: it is shown as it is read. */
const READ: ReadonlySet<string> = new Set(
  "markdown rst asciidoc org pdf docx doc odt rtf pptx ppt odp xlsx xls ods csv epub html mail chat".split(" "),
);

/** A document's text with line numbers, the cited passage marked and in view. */
export function DocumentPanel({ address, generation, onClose, onFailure }: DocumentPanelProps): VNode {
  const { id, collection, spans } = address;
  const { value: loaded, failure } = useFetched((signal) => readDocument({ id, collection }, signal), {
    inputs: [id, collection, generation],
    onFailure,
  });
  const heading = useRef<HTMLHeadingElement>(null);
  useReturnFocus(onClose);
  useTitle(loaded);

  useEffect(() => heading.current?.focus({ preventScroll: true }), []);

  return (
    <aside class="panel" aria-labelledby="panel-title">
      <div class="panel-head">
        <div>
          <h2 id="panel-title" ref={heading} tabIndex={-1}>
            {loaded === null ? "Document" : (loaded.title ?? loaded.source)}
          </h2>
          {loaded !== null && <p class="dim">{factsOf(loaded, spans).join(" · ")}</p>}
        </div>
        {loaded !== null && <CopyButton offer="Copy link" text={() => location.href} />}
        <button type="button" class="close" onClick={onClose} aria-label="Close the document">
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d="M3 3l10 10M13 3L3 13" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" />
          </svg>
        </button>
      </div>
      {failure !== null && (
        <p class="notice bad" role="alert">
          {failure.sentence}
        </p>
      )}
      {loaded === null && failure === null && <Skeleton label="Loading the document" lines={4} />}
      {loaded !== null && <DocumentText key={loaded.id} document={loaded} spans={spans} />}
    </aside>
  );
}

function DocumentText({
  document: { text, pages, language },
  spans,
}: {
  readonly document: ReadDocument;
  readonly spans: DocumentAddress["spans"];
}): VNode {
  const [before, setBefore] = useState(STEP);
  const [after, setAfter] = useState(STEP);
  const isRead = READ.has(language);
  const options = { spans, before, after, pages, isRead };
  const shown = useMemo(() => windowOf(text, options), [text, spans, before, after]);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const frame = box.current;
    const mark = frame?.querySelector("mark") ?? null;
    if (frame === null) return;
    if (mark === null) return frame.scrollTo({ top: 0 });
    // The frame alone: `scrollIntoView` would move the page with the answer as well.
    const distance = mark.getBoundingClientRect().top - frame.getBoundingClientRect().top;
    frame.scrollBy({ top: distance - Math.max(0, (frame.clientHeight - mark.offsetHeight) / 2), behavior: "instant" });
  }, [text, spans]);

  const hidden = text.length - shown.end;
  return (
    // The box scrolls, so that the keyboard must be able to reach it.
    <div class="document" ref={box} tabIndex={0} role="region" aria-label="Text of the document">
      {shown.start > 0 && (
        <button type="button" class="more" onClick={() => setBefore(before + STEP)}>
          Show more above ({countOf(shown.start, "character")})
        </button>
      )}
      <div class={isRead ? "lines in-words" : "lines"}>
        {shown.lines.map((line) => (
          <Fragment key={line.number}>
            {line.page !== null && <h3 class="page-start">Page {line.page}</h3>}
            <Line line={line} isRead={isRead} />
          </Fragment>
        ))}
      </div>
      {hidden > 0 && (
        <button type="button" class="more" onClick={() => setAfter(after + STEP)}>
          Show more below ({countOf(hidden, "character")})
        </button>
      )}
    </div>
  );
}

function Line({ line, isRead }: { readonly line: ShownLine; readonly isRead: boolean }): VNode {
  const Text = isRead && line.kind !== "code" ? ProseText : PassageText;
  const cited = line.parts.some(({ marked }) => marked);
  return (
    <div class={cited ? "line cited" : "line"}>
      <span class="number" aria-hidden="true">
        {line.number}
      </span>
      <span class={line.kind === null ? "line-text" : `line-text ${line.kind}`}>
        {line.parts.map((part, index) => {
          const text = <Text text={part.text} />;
          return part.marked ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>;
        })}
      </span>
    </div>
  );
}

/** Path, cited place and size of a document, as far as its name does not say them. */
function factsOf({ title, source, text, pages, bytes }: ReadDocument, spans: readonly Span[]): string[] {
  const place = spans.length === 0 ? [] : [placeWords(placeOf(text, spans, pages))];
  return [...(title === null ? [] : [source]), ...place, byteWords(bytes)];
}

/** Names the browser's tab after the document, so that it is found among others and in the history. */
function useTitle(document: ReadDocument | null): void {
  useEffect(() => {
    if (document === null) return;
    const before = self.document.title;
    self.document.title = `${document.title ?? document.source} – citewell`;
    return () => void (self.document.title = before);
  }, [document]);
}

/** Closes on Escape, and gives the focus back to where it was. */
function useReturnFocus(onClose: () => void): void {
  const close = useRef(onClose);
  close.current = onClose;
  // Before the page behind a document that covers it is closed to the focus.
  const { current: opener } = useRef(document.activeElement);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") close.current();
    };
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("keydown", onKey);
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    };
  }, []);
}
