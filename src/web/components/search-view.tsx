import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { countOf } from "../../domain/count-of.ts";
import type { SearchMode, SearchResult } from "../../domain/hit.ts";
import { isUnreachable, search } from "../api.ts";
import { FailureNotice } from "./failure-notice.tsx";
import { HitList } from "./hit-list.tsx";
import { useFetched } from "../use-fetched.ts";
import { readingWords } from "../reading.ts";
import { durationWords } from "../words.ts";
import type { ViewProps } from "./view-props.ts";

interface SearchViewProps extends ViewProps {
  /** What is searched for; empty for nothing. */
  readonly query: string;
  readonly onSearch: (query: string) => void;
}

const MODES: readonly { readonly name: SearchMode; readonly label: string }[] = [
  { name: "hybrid", label: "Meaning and words" },
  { name: "dense", label: "Meaning" },
  { name: "lexical", label: "Words" },
];

/** Ranked passages without a model. */
export function SearchView({
  collection,
  generation,
  query,
  panel,
  isAway,
  onSearch,
  onOpen,
  onFailure,
}: SearchViewProps): VNode {
  const [draft, setDraft] = useState(query);
  const [mode, setMode] = useState<SearchMode>("hybrid");
  const fetcher = query === "" ? null : (signal: AbortSignal) => search({ query, collection, mode, limit: 10 }, signal);
  const inputs = [query, mode, collection, generation];
  const { value: result, failure, loading } = useFetched(fetcher, { inputs, onFailure });
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus({ preventScroll: true }), []);
  // Going back in the browser's history shows the words of that search.
  useEffect(() => setDraft(query), [query]);

  return (
    <div class="search">
      <h1 class="visually-hidden">Search</h1>
      <form
        class="composer"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(draft.trim());
        }}
      >
        <label class="visually-hidden" for="query">
          Search for
        </label>
        <input
          id="query"
          dir="auto"
          type="search"
          ref={box}
          maxLength={8_000}
          placeholder="Search passages…"
          value={draft}
          onInput={(event) => setDraft(event.currentTarget.value)}
        />
        <button type="submit" class="primary" disabled={draft.trim() === ""}>
          Search
        </button>
      </form>
      <fieldset class="modes">
        <legend class="visually-hidden">Rank by</legend>
        {MODES.map(({ name, label }) => (
          <label key={name}>
            <input type="radio" name="mode" checked={mode === name} onChange={() => setMode(name)} />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <p class="dim result-line" role="status">
        {loading ? "Searching…" : resultWords(result)}
      </p>
      {readingWords(result?.interpretation).map((sentence) => (
        <p key={sentence} class="dim reading">
          {sentence}
        </p>
      ))}
      {failure !== null && !(isAway && isUnreachable(failure)) && (
        <FailureNotice failure={failure} collection={collection} />
      )}
      {query === "" && result === null && (
        <p class="notice">Search shows the passages themselves, ranked, with their scores. No model is asked.</p>
      )}
      {result !== null && <HitList result={result} stale={loading} panel={panel} onOpen={onOpen} />}
    </div>
  );
}

function resultWords(result: SearchResult | null): string {
  if (result === null) return "";
  const { hits, evidence, timing } = result;
  if (hits.length === 0) return "Nothing found. Try other words, or another collection.";
  const time = durationWords(timing.embedMs + timing.searchMs);
  const weak = evidence === "good" ? "" : evidence === "weak" ? "; weak evidence" : "; probably nothing fitting";
  return `${countOf(hits.length, "passage")} in ${time}${weak}`;
}
