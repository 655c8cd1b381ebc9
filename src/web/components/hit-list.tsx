import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { CODE_LANGUAGES } from "../../domain/code.ts";
import { hitLabel, type Hit, type SearchResult } from "../../domain/hit.ts";
import { createResultMatcher, type WordMatcher } from "../../domain/match-words.ts";
import { formatPages } from "../../domain/page-at.ts";
import { hitLines } from "../../domain/reading-form.ts";
import { isShownAt } from "../address.ts";
import { excerptStart } from "../excerpt-start.ts";
import { lineWords, withoutWrapping } from "../words.ts";
import { PassageText, ProseText } from "./passage-text.tsx";
import { PathBefore, SourcePath } from "./source-path.tsx";
import type { ViewProps } from "./view-props.ts";

interface HitListProps extends Pick<ViewProps, "panel" | "onOpen"> {
  readonly result: SearchResult;
  /** Whether another search is under way. */
  readonly stale: boolean;
}

/** The passages that a search found, each with the words that were searched for marked. */
export function HitList({ result, stale, panel, onOpen }: HitListProps): VNode {
  const matcher = useMemo(() => createResultMatcher(result), [result]);
  return (
    <ol class={stale ? "hits stale" : "hits"}>
      {result.hits.map((hit) => (
        <li key={`${hit.documentId}-${hit.span.start}`}>
          <HitCard
            hit={hit}
            matcher={matcher}
            isShown={isShownAt(panel, { id: hit.documentId, spans: [hit.span] })}
            onOpen={() => onOpen({ id: hit.documentId, spans: [hit.span] }, result.collection)}
          />
        </li>
      ))}
    </ol>
  );
}

interface HitCardProps {
  readonly hit: Hit;
  readonly matcher: WordMatcher;
  readonly isShown: boolean;
  readonly onOpen: () => void;
}

function HitCard({ hit, matcher, isShown, onOpen }: HitCardProps): VNode {
  const name = hitLabel(hit) ?? hit.source;
  const { dense, lexical, sentence } = hit.scores;
  const parts = [
    { label: "meaning", value: dense },
    { label: "words", value: lexical },
    { label: "best sentence", value: sentence },
  ].flatMap(({ label, value }) => (value === null ? [] : `${label} ${value.toFixed(2)}`));
  const pages = formatPages(hit);
  return (
    <button type="button" class="hit" aria-current={isShown ? "true" : undefined} onClick={onOpen}>
      <span class="hit-head">
        <span class="hit-source">
          <strong>{name === hit.source ? <SourcePath source={name} /> : name}</strong>
          <span class="dim">
            {name !== hit.source && <PathBefore source={hit.source} />}
            {lineWords(hit.lines)}
            {pages === null ? "" : ` · ${pages === String(hit.page) ? "page" : "pages"} ${pages}`}
          </span>
        </span>
        <span class="score" title={parts.join(", ")}>
          {hit.score.toFixed(2)}
        </span>
      </span>
      <HitText hit={hit} matcher={matcher} />
      <span class="dim hit-scores">{parts.join(" · ")}</span>
    </button>
  );
}

/** A passage from where its words stand; what is in front of them is hidden on the screen, and printed. */
function HitText({ hit, matcher }: Pick<HitCardProps, "hit" | "matcher">): VNode {
  const isCode = CODE_LANGUAGES.has(hit.language);
  const Text = isCode ? PassageText : ProseText;
  const lines = hitLines(isCode ? hit : { ...hit, text: withoutWrapping(hit.text) }).filter(
    (line) => isCode || line.text.trim() !== "",
  );
  const text = lines.map((line) => line.text).join("\n");
  const start = excerptStart(text, matcher);
  let end = -1;
  const shown = lines.flatMap((line) => {
    const from = start - end - 1;
    end += line.text.length + 1;
    return end < start ? [] : [{ ...line, text: line.text.slice(Math.max(0, from)) }];
  });
  return (
    <span class={isCode ? "hit-text code" : "hit-text"}>
      {start > 0 && <span class="hit-lead">{text.slice(0, start)}</span>}
      <span>
        {shown.map((line, index) => (
          <span key={index} class={line.isHeading ? "hit-heading" : undefined}>
            <Text text={line.text} matcher={matcher} />
            {index + 1 < shown.length && "\n"}
          </span>
        ))}
      </span>
    </span>
  );
}
