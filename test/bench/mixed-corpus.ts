import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeDocx, makeEpub, makePdf, paragraph } from "../ingest/loaders/made-files.ts";
import { type CorpusOptions, createMadeUpText, type MadeUpText } from "./made-up-text.ts";

type Writer = (text: MadeUpText, bytes: number) => string | Uint8Array;

/** A file of each format that has a loader of its own, made of made-up sentences. */
const FORMATS: Readonly<Record<string, Writer>> = {
  md: (text, bytes) => text.document(bytes),
  txt: (text, bytes) => sentences(text, bytes).join(" "),
  rst: (text, bytes) => `Title\n=====\n\n${sentences(text, bytes).join("\n\n")}\n`,
  html: (text, bytes) => `<title>Page</title><main><h1>Page</h1>${wrapped(sentences(text, bytes), "p")}</main>`,
  csv: (text, bytes) => ["name,note", ...sentences(text, bytes).map((note, at) => `row ${at},"${note}"`)].join("\n"),
  jsonl: (text, bytes) =>
    sentences(text, bytes)
      .map((note, number) => JSON.stringify({ number, note }))
      .join("\n"),
  json: (text, bytes) => JSON.stringify({ notes: sentences(text, bytes) }, null, 2),
  yaml: (text, bytes) =>
    `notes:\n${sentences(text, bytes)
      .map((note) => `  - ${JSON.stringify(note)}`)
      .join("\n")}\n`,
  ipynb: (text, bytes) =>
    JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { name: "python3", language: "python" } },
      cells: sentences(text, bytes).map((source, at) =>
        at % 4 === 3
          ? {
              cell_type: "code",
              metadata: {},
              outputs: [],
              execution_count: null,
              source: `print(${JSON.stringify(source)})`,
            }
          : { cell_type: "markdown", metadata: {}, source },
      ),
    }),
  ts: (text, bytes) =>
    sentences(text, bytes)
      .map(
        (note, at) =>
          `/** ${note} */\nexport function step${at}(value: number): number {\n  return value + ${at};\n}\n`,
      )
      .join("\n"),
  py: (text, bytes) =>
    sentences(text, bytes)
      .map((note, at) => `def step_${at}(value):\n    """${note}"""\n    return value + ${at}\n`)
      .join("\n"),
  pdf: (text, bytes) => makePdf(pagesOf(sentences(text, bytes), 30)),
  docx: (text, bytes) =>
    makeDocx(
      sentences(text, bytes)
        .map((note) => paragraph(note))
        .join(""),
    ),
  epub: (text, bytes) => makeEpub([wrapped(sentences(text, bytes), "p")], { title: "Book" }),
};

/** Writes files of every format in turn into a folder. Resolves to their number. */
export async function writeMixedCorpus(folder: string, { bytes, fileBytes, seed = 3 }: CorpusOptions): Promise<number> {
  const text = createMadeUpText(seed);
  const formats = Object.entries(FORMATS);
  const count = Math.max(formats.length, Math.round(bytes / fileBytes));
  await mkdir(folder, { recursive: true });
  for (let file = 0; file < count; file += 1) {
    const [ending, write] = formats[file % formats.length] ?? ["md", FORMATS["md"]];
    if (write !== undefined) await writeFile(join(folder, `document-${file}.${ending}`), write(text, fileBytes));
  }
  return count;
}

function sentences(text: MadeUpText, bytes: number): string[] {
  const all: string[] = [];
  for (let length = 0; length < bytes;) {
    const sentence = text.sentence();
    all.push(sentence);
    length += sentence.length;
  }
  return all;
}

function wrapped(parts: readonly string[], tag: string): string {
  return parts.map((part) => `<${tag}>${part}</${tag}>`).join("");
}

function pagesOf(lines: readonly string[], size: number): string[][] {
  const pages: string[][] = [];
  for (let start = 0; start < lines.length; start += size) pages.push(lines.slice(start, start + size));
  return pages;
}
