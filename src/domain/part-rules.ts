import { having, type ValueRule } from "./check-options.ts";

// Parts that programs of others hand over. A wrong one would otherwise fail deep inside, with a message about its insides.

/** The rule for a store. */
export const STORE_RULE: ValueRule = allOf('a store, such as await openEmbeddedStore({ file: "notes.db" })', [
  "search",
  "describeCollection",
]);

/** The rule for an embedder. */
export const EMBEDDER_RULE: ValueRule = allOf(
  'an embedder, such as await openEmbedder({ cacheFolder: ".citewell/models" }) or await createFunctionEmbedder(embeddingFunction)',
  ["embed", "countTokens"],
);

/** The rule for a signal. */
export const SIGNAL_RULE: ValueRule = having("throwIfAborted", "an AbortSignal, such as that of an AbortController");

/** The rule for a generator that is read to its end. */
export const GENERATOR_RULE: ValueRule = allOf(
  "a generator of events, such as user.streamChat(assistant, { message })",
  ["next", "return"],
);

function allOf(words: string, names: readonly string[]): ValueRule {
  return [words, (value) => names.every((name) => having(name, words)[1](value))];
}
