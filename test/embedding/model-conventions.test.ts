import { expect, it } from "vitest";
import { conventionsOf } from "../../src/embedding/model-conventions.ts";

it.each([
  ["Xenova/all-MiniLM-L6-v2", "mean", "", ""],
  ["Xenova/bge-small-en-v1.5", "cls", "Represent this sentence for searching relevant passages: ", ""],
  ["BAAI/bge-m3", "cls", "", ""],
  ["intfloat/multilingual-e5-small", "mean", "query: ", "passage: "],
  ["/models/e5-base-v2/", "mean", "query: ", "passage: "],
  ["thenlper/gte-small", "mean", "", ""],
  ["Alibaba-NLP/gte-base-en-v1.5", "cls", "", ""],
  ["snowflake-arctic-embed:22m", "cls", "Represent this sentence for searching relevant passages: ", ""],
  ["someone/unheard-of", "mean", "", ""],
])("pools and prefixes %s as its card says", (model, pooling, queryPrefix, passagePrefix) => {
  expect(conventionsOf(model)).toEqual({ pooling, queryPrefix, passagePrefix });
});
