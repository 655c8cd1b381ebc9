import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The folder of public evaluation sets beside the repository; they are not part of it. */
const FOLDER = fileURLToPath(new URL("../../../shared/data/", import.meta.url));

const span = z.object({ start: z.number(), end: z.number() });

const chromaQuestion = z.object({
  id: z.string(),
  corpus: z.string(),
  question: z.string(),
  references: z.array(span),
});
const squadQuestion = z.object({ id: z.string(), corpus: z.string(), question: z.string(), answers: z.array(span) });
const unanswerable = z.object({ id: z.string(), question: z.string() });
const passage = z.object({ id: z.string(), title: z.string(), text: z.string() });
const hopQuestion = z.object({
  id: z.string(),
  question: z.string(),
  evidence: z.array(z.object({ doc: z.string() })),
});
const handbookQuestion = z.object({
  id: z.string(),
  question: z.string(),
  unanswerable: z.boolean().optional(),
  references: z.array(z.object({ source: z.string(), text: z.string() })),
});

/** Schemas of the sets' lines. */
export const schemas: {
  readonly chroma: typeof chromaQuestion;
  readonly squad: typeof squadQuestion;
  readonly unanswerable: typeof unanswerable;
  readonly passage: typeof passage;
  readonly hop: typeof hopQuestion;
  readonly handbook: typeof handbookQuestion;
} = {
  chroma: chromaQuestion,
  squad: squadQuestion,
  unanswerable,
  passage,
  hop: hopQuestion,
  handbook: handbookQuestion,
};

/** Path of an evaluation set's file, or null where the sets are absent. */
export function dataPath(name: string): string | null {
  const path = `${FOLDER}${name}`;
  return existsSync(path) ? path : null;
}

/** The checked lines of a JSONL file. */
export async function readLines<T>(path: string, schema: z.ZodType<T>): Promise<T[]> {
  const text = await readFile(path, "utf8");
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => schema.parse(JSON.parse(line)));
}
