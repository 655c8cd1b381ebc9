/** How the token vectors of a text become one vector. */
export type Pooling = "mean" | "cls" | "last_token";

/** What a model was trained with and its files do not always say. */
export interface ModelConventions {
  readonly pooling: Pooling;
  /** Put in front of every question. */
  readonly queryPrefix: string;
  /** Put in front of every passage. */
  readonly passagePrefix: string;
}

interface KnownFamily {
  readonly name: RegExp;
  readonly pooling: Pooling;
  readonly queryPrefix?: string;
  readonly passagePrefix?: string;
}

const SEARCH_INSTRUCTION = "Represent this sentence for searching relevant passages: ";

// The first match counts. From the model cards.
const KNOWN_FAMILIES: readonly KnownFamily[] = [
  { name: /^bge-.*-zh/u, pooling: "cls", queryPrefix: "为这个句子生成表示以用于检索相关文章：" },
  { name: /^bge-.*-en/u, pooling: "cls", queryPrefix: SEARCH_INSTRUCTION },
  { name: /^bge-/u, pooling: "cls" },
  { name: /^mxbai-embed-/u, pooling: "cls", queryPrefix: SEARCH_INSTRUCTION },
  { name: /^snowflake-arctic-embed(2|.*-v2)/u, pooling: "cls", queryPrefix: "query: " },
  { name: /^snowflake-arctic-embed/u, pooling: "cls", queryPrefix: SEARCH_INSTRUCTION },
  { name: /^(multilingual-)?e5-/u, pooling: "mean", queryPrefix: "query: ", passagePrefix: "passage: " },
  { name: /^nomic-embed-text/u, pooling: "mean", queryPrefix: "search_query: ", passagePrefix: "search_document: " },
  { name: /^gte-(.*-v1\.5|modernbert-.*|multilingual-.*)$/u, pooling: "cls" },
  { name: /^gte-/u, pooling: "mean" },
  { name: /minilm|mpnet/u, pooling: "mean" },
];

/**
 * Pooling and prefixes by the model's name (its last path segment, any case). A name that is not known is pooled by the
 * mean and gets no prefix, as most sentence models.
 */
export function conventionsOf(model: string): ModelConventions {
  const name = (model.split(/[\\/]/u).findLast((segment) => segment !== "") ?? "").toLowerCase();
  const family = KNOWN_FAMILIES.find((known) => known.name.test(name));
  return {
    pooling: family?.pooling ?? "mean",
    queryPrefix: family?.queryPrefix ?? "",
    passagePrefix: family?.passagePrefix ?? "",
  };
}
