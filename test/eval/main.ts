import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { createSubmitDocuments } from "../../ingest/submit-documents.ts";
import type { Span } from "../../src/domain/document.ts";
import { openEmbedder } from "../../src/embedding/open-embedder.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import type { Retrieve } from "../../src/retrieval/retrieve.ts";
import { openEmbeddedStore } from "../../src/store/embedded-store.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { mean, scoreSpans } from "./metrics.ts";
import { dataPath, readLines, schemas } from "./open-data.ts";

/** One line of the result table. */
interface Row {
  readonly set: string;
  readonly questions: number;
  readonly figures: string;
}

interface Bench {
  readonly store: VectorStore;
  readonly embedder: Embedder;
}

const CHUNK_TOKENS = 150;
const HANDBOOK = fileURLToPath(new URL("../../corpora/handbook/", import.meta.url));

const folder = await mkdtemp(join(tmpdir(), "citewell-eval-"));
const embedder = await openEmbedder({ cacheFolder: folder });
const store = await openEmbeddedStore({ file: join(folder, "eval.sqlite") });
try {
  const wanted = process.argv.slice(2);
  const sets = { handbook: evalHandbook, chroma: evalChroma, squad: evalSquad, multihop: evalMultihop };
  for (const [name, run] of Object.entries(sets)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const rows = await run({ store, embedder });
    if (rows === null) console.log(`${name.padEnd(34)} skipped: its data is not part of the repository`);
    else
      for (const row of rows) console.log(`${row.set.padEnd(34)} ${String(row.questions).padStart(4)}  ${row.figures}`);
  }
} finally {
  await store.close();
  await embedder.close();
  await rm(folder, { recursive: true, force: true });
}

async function ingest(bench: Bench, collection: string, root: string): Promise<Retrieve> {
  for await (const event of createIngestCorpus(bench)({ collection, roots: [root] })) {
    if (event.type === "ingest-end" && event.report.documents.failed > 0) throw new Error(`Ingesting ${root} failed.`);
  }
  return createRetriever({ ...bench, collection, chunkTokens: CHUNK_TOKENS });
}

async function evalHandbook(bench: Bench): Promise<Row[]> {
  const retrieve = await ingest(bench, "handbook", join(HANDBOOK, "documents"));
  const questions = await readLines(join(HANDBOOK, "questions.jsonl"), schemas.handbook);
  const answerable = questions.filter(({ unanswerable }) => unanswerable !== true);
  const found: number[] = [];
  let refused = 0;
  for (const { question, references } of answerable) {
    const { hits, evidence } = await retrieve(question);
    if (evidence === "none") refused += 1;
    const held = references.filter(({ source, text }) =>
      hits.some((hit) => hit.source === source && squash(hit.text).includes(squash(text))),
    );
    found.push(held.length / references.length);
  }
  const rightlyRefused = await refusals(
    retrieve,
    questions.filter(({ unanswerable }) => unanswerable === true).map(({ question }) => question),
  );
  return [
    {
      set: "handbook passages",
      questions: answerable.length,
      figures: `recall ${percent(mean(found))}, wrongly refused ${refused}`,
    },
    { set: "handbook unanswerable", questions: rightlyRefused.of, figures: `refused by score ${rightlyRefused.count}` },
  ];
}

async function refusals(retrieve: Retrieve, questions: readonly string[]): Promise<{ count: number; of: number }> {
  let count = 0;
  for (const question of questions) if ((await retrieve(question)).evidence === "none") count += 1;
  return { count, of: questions.length };
}

async function evalChroma(bench: Bench): Promise<Row[] | null> {
  const [corpora, file] = [dataPath("chroma/corpora"), dataPath("chroma/questions.jsonl")];
  if (corpora === null || file === null) return null;
  const retrieve = await ingest(bench, "chroma", corpora);
  const questions = await readLines(file, schemas.chroma);
  const rows: Row[] = [];
  for (const [name, join5] of [
    ["chroma spans", true],
    ["chroma 5 unmerged chunks", false],
  ] as const) {
    const scores: { corpus: string; recall: number; iou: number; length: number }[] = [];
    for (const { question, corpus, references } of questions) {
      const { hits } = await retrieve(question, join5 ? {} : { join: false, stop: false });
      const retrievedLength = hits.reduce((sum, { span }) => sum + span.end - span.start, 0);
      const retrieved = hits.filter(({ source }) => source === `${corpus}.md`).map(({ span }) => span);
      scores.push({ corpus, length: retrievedLength, ...scoreSpans(references, { retrieved, retrievedLength }) });
    }
    for (const corpus of ["", ...new Set(scores.map((score) => score.corpus))]) {
      const some = scores.filter((score) => corpus === "" || score.corpus === corpus);
      rows.push({
        set: corpus === "" ? name : `  ${corpus}`,
        questions: some.length,
        figures: `recall ${percent(mean(some.map(({ recall }) => recall)))}, IoU ${percent(mean(some.map(({ iou }) => iou)))}, ${Math.round(mean(some.map(({ length }) => length)))} characters`,
      });
    }
  }
  return rows;
}

async function evalSquad(bench: Bench): Promise<Row[] | null> {
  const [corpora, file, unanswerable] = ["corpora", "questions.jsonl", "unanswerable.jsonl"].map((name) =>
    dataPath(`squad/${name}`),
  );
  if (typeof corpora !== "string" || typeof file !== "string" || typeof unanswerable !== "string") return null;
  const retrieve = await ingest(bench, "squad", corpora);
  const questions = await readLines(file, schemas.squad);
  const ranks: number[] = [];
  let inSpans = 0;
  let refused = 0;
  for (const { question, corpus, answers } of questions) {
    const holds = (hit: { source: string; span: Span }): boolean =>
      hit.source === `${corpus}.md` && answers.some(({ start, end }) => hit.span.start <= start && hit.span.end >= end);
    const chunks = await retrieve(question, { join: false, stop: false, limit: 10 });
    ranks.push(chunks.hits.findIndex(holds));
    const { hits, evidence } = await retrieve(question);
    if (hits.some(holds)) inSpans += 1;
    if (evidence === "none") refused += 1;
  }
  const within = (k: number): string => percent(ranks.filter((rank) => rank !== -1 && rank < k).length / ranks.length);
  const lines = await readLines(unanswerable, schemas.unanswerable);
  const off = await refusals(
    retrieve,
    lines.map(({ question }) => question),
  );
  const offTopic = dataPath("chroma/questions.jsonl");
  const foreign = offTopic === null ? [] : await readLines(offTopic, schemas.chroma);
  const foreignRefused = await refusals(
    retrieve,
    foreign.map(({ question }) => question),
  );
  return [
    { set: "squad chunks", questions: ranks.length, figures: `hit@1 ${within(1)}, hit@5 ${within(5)}` },
    {
      set: "squad spans",
      questions: ranks.length,
      figures: `answer held ${percent(inSpans / ranks.length)}, wrongly refused ${percent(refused / ranks.length)}`,
    },
    { set: "squad unanswerable", questions: off.of, figures: `refused by score ${percent(off.count / off.of)}` },
    {
      set: "off-topic (chroma's questions)",
      questions: foreignRefused.of,
      figures: `refused ${percent(foreignRefused.count / Math.max(1, foreignRefused.of))}`,
    },
  ];
}

async function evalMultihop(bench: Bench): Promise<Row[] | null> {
  const [corpus, file] = [dataPath("multihop/corpus.jsonl"), dataPath("multihop/questions.jsonl")];
  if (corpus === null || file === null) return null;
  const passages = await readLines(corpus, schemas.passage);
  const documents = passages.map(({ id, title, text }) => ({ source: `${id}.md`, content: `# ${title}\n\n${text}\n` }));
  for await (const event of createSubmitDocuments(bench)({ collection: "multihop", documents })) void event;
  const retrieve = createRetriever({ ...bench, collection: "multihop", chunkTokens: CHUNK_TOKENS });
  const recalls: { at5: number; at10: number }[] = [];
  for (const { question, evidence } of await readLines(file, schemas.hop)) {
    const { hits } = await retrieve(question, { join: false, stop: false, limit: 30 });
    const ranked = [...new Set(hits.map(({ source }) => source))];
    const recall = (k: number): number =>
      evidence.filter(({ doc }) => ranked.slice(0, k).includes(`${doc}.md`)).length / evidence.length;
    recalls.push({ at5: recall(5), at10: recall(10) });
  }
  return [
    {
      set: "multihop passages",
      questions: recalls.length,
      figures: `recall@5 ${percent(mean(recalls.map(({ at5 }) => at5)))}, recall@10 ${percent(mean(recalls.map(({ at10 }) => at10)))}`,
    },
  ];
}

function squash(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}
