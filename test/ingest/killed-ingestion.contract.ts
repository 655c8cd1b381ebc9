import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { successorName } from "../../src/domain/collection.ts";
import { allDocuments } from "../../src/store/all-documents.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { createRandom } from "../../src/domain/seeded-random.ts";

import { randomText } from "./secrets/made-secrets.ts";
import { contentOf } from "./corpus-states.ts";
import { ingestLogged, type IngestingProcessOptions, openStoreOf } from "./ingesting-process.ts";

/** Where the killed processes store. */
export interface KilledIngestionPlace {
  /** `embedded`, or the address of a Qdrant. */
  readonly store: string;
  readonly apiKey?: string;
}

const SMALL = 40;
const LARGE = 70;
const COLLECTION = "killed";
/** Plenty for one process and the run after it. */
const MS_PER_KILL = 20_000;

/**
 * Kills ingesting processes at random points, and holds what the next run makes of it against an undisturbed run.
 * `kills` processes are killed while they synchronise, and half as many while they re-index.
 */
export function describeKilledIngestion(
  title: string,
  open: () => Promise<KilledIngestionPlace>,
  { kills, seed = 1 }: { readonly kills: number; readonly seed?: number },
): void {
  describe(`killed ingestions: ${title}`, () => {
    let folder: string;
    let place: KilledIngestionPlace;
    let before: Readonly<Record<string, string>>;
    let after: Readonly<Record<string, string>>;

    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), "killed-ingestion-"));
      place = await open();
      const names = Array.from({ length: 5 }, (_, at) => `word${at}`);
      const key = `ghp_${randomText(36)}`;
      before = {
        "one/a.md": page("new", "old"),
        "one/b.md": page("x", "y"),
        "one/sub/same.md": page("s", "t"),
        "one/gone.md": page("z", "u"),
        "two/a.md": page(...names, key),
        "two/old-name.md": page("moved", "along"),
      };
      after = {
        "one/a.md": page("new", "old"),
        "one/b.md": page("x", "y", "w"),
        "one/sub/same.md": page("s", "t"),
        "one/c.md": page("p", "q", "r"),
        "two/a.md": page("new", ...names.with(2, "other"), key),
        "two/new-name.md": page("moved", "along"),
      };
    });
    afterAll(async () => {
      if (place.store !== "embedded") await withStore(dropAll);
      await rm(folder, { recursive: true, force: true });
    });

    const optionsFor = (changes: Partial<IngestingProcessOptions>): IngestingProcessOptions => ({
      ...place,
      dataFolder: path.join(folder, "data"),
      collection: COLLECTION,
      roots: ["one", "two"].map((name) => path.join(folder, "root", name)),
      chunkTokens: SMALL,
      force: false,
      log: path.join(folder, "log.jsonl"),
      ...changes,
    });

    async function writeRoot(files: Readonly<Record<string, string>>): Promise<void> {
      const root = path.join(folder, "root");
      await rm(root, { recursive: true, force: true });
      for (const [name, text] of Object.entries(files)) {
        await mkdir(path.dirname(path.join(root, name)), { recursive: true });
        await writeFile(path.join(root, name), text);
      }
    }

    async function withStore<Result>(work: (store: VectorStore) => Promise<Result>): Promise<Result> {
      const store = await openStoreOf(optionsFor({}));
      try {
        return await work(store);
      } finally {
        await store.close();
      }
    }

    /** Back to an ingestion of `before`, or to nothing at all, with the root as `after`. */
    async function reset(isNew: boolean): Promise<void> {
      const kept = path.join(folder, "kept");
      const data = path.join(folder, "data");
      if (place.store === "embedded") {
        await rm(data, { recursive: true, force: true });
        const hasKept = await cp(kept, data, { recursive: true }).then(
          () => true,
          () => false,
        );
        if (hasKept && !isNew) return writeRoot(after);
        if (isNew) await rm(data, { recursive: true, force: true });
      } else await withStore(dropAll);
      if (isNew) return writeRoot(after);
      await writeRoot(before);
      await ingestLogged(optionsFor({}));
      if (place.store === "embedded") await cp(data, kept, { recursive: true });
      await writeRoot(after);
    }

    async function runAndKill(options: IngestingProcessOptions): Promise<NodeJS.Signals | null> {
      const script = fileURLToPath(new URL("ingesting-process.ts", import.meta.url));
      const child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: ["ignore", "ignore", "pipe"] });
      let complaint = "";
      child.stderr.on("data", (part: Buffer) => (complaint += part.toString()));
      await once(child, "close");
      if (child.signalCode === null && child.exitCode !== 0) throw new Error(`The process failed: ${complaint}`);
      return child.signalCode;
    }

    async function readLog(options: IngestingProcessOptions): Promise<readonly string[]> {
      const text = await readFile(options.log, "utf8").catch(() => "");
      return text.split("\n").filter((line) => line !== "");
    }

    /** Ids of the chunks that have vectors, in the collection that the next run writes to. */
    async function embeddedIds(store: VectorStore, chunkTokens: number): Promise<ReadonlySet<string>> {
      const info = await store.describeCollection(COLLECTION);
      const isDone = info?.settings.chunker.chunkTokens === chunkTokens;
      const physical = isDone ? COLLECTION : successorName(COLLECTION);
      const ids = new Set<string>();
      if ((await store.describeCollection(physical)) === null) return ids;
      for await (const { id } of allDocuments(store, physical)) {
        for (const state of await store.chunkStates(physical, id)) {
          if (state.fingerprint !== "") ids.add(state.id);
        }
      }
      return ids;
    }

    /** What readers find after a run that came to its end. */
    const whatIsStored = async (chunkTokens: number) =>
      withStore(async (store) => ({
        ids: await embeddedIds(store, chunkTokens),
        content: await contentOf(store, COLLECTION),
        names: (await store.listCollections()).map(({ name }) => name).filter((name) => name.startsWith(COLLECTION)),
      }));

    async function killAtRandom(
      {
        wordsFirst = false,
        ...settings
      }: Pick<IngestingProcessOptions, "chunkTokens" | "force" | "allowSecrets" | "wordsFirst">,
      count: number,
    ): Promise<number> {
      const { chunkTokens, force } = settings;
      const random = createRandom(seed + (force ? 1_000 : 0));
      const options = optionsFor({ ...settings, wordsFirst });
      await reset(wordsFirst);
      const old = wordsFirst ? [] : await withStore((store) => contentOf(store, COLLECTION));
      const { writes } = await ingestLogged(options);
      const { content: expected, ids: expectedIds } = await whatIsStored(chunkTokens);
      expect(expectedIds.size).toBeGreaterThan(5);
      let killed = 0;
      for (let round = 0; round < count; round += 1) {
        await reset(wordsFirst);
        // Now and then the run that is to mend things is killed as well.
        for (let again = true; again; again = random() < 0.3) {
          const killAt = { write: 1 + Math.floor(random() * writes), delayMs: Math.floor(random() * 4) };
          if ((await runAndKill({ ...options, killAt })) === "SIGKILL") killed += 1;
        }
        const left = await withStore(async (store) => ({
          ids: await embeddedIds(store, chunkTokens),
          content: force ? await contentOf(store, COLLECTION) : null,
        }));
        const missing = [...expectedIds].filter((id) => !left.ids.has(id)).length;
        // Readers of a re-indexing see the old content or the new, never half of each.
        if (force) expect([JSON.stringify(old), JSON.stringify(expected)]).toContain(JSON.stringify(left.content));
        await rm(options.log, { force: true });
        await ingestLogged(options);
        const { content, names } = await whatIsStored(chunkTokens);
        expect(content, `round ${round}`).toEqual(expected);
        expect((await readLog(options)).length, `texts embedded again in round ${round}`).toBe(missing);
        expect(names).toEqual([COLLECTION]);
      }
      return killed;
    }

    it(
      `end in the state of an undisturbed run after the next one, whenever they are killed (${kills} times)`,
      async () => {
        const killed = await killAtRandom({ chunkTokens: SMALL, force: false }, kills);
        expect(killed).toBeGreaterThan(kills / 2);
      },
      60_000 + kills * MS_PER_KILL,
    );

    it(
      `embed nothing twice and lose nothing where words are stored first (${kills} times)`,
      async () => {
        const killed = await killAtRandom({ chunkTokens: SMALL, force: false, wordsFirst: true }, kills);
        expect(killed).toBeGreaterThan(kills / 2);
      },
      60_000 + kills * MS_PER_KILL,
    );

    const third = Math.ceil(kills / 3);
    it(
      `leave no trace of another choice about secrets (${third} times)`,
      async () => {
        const killed = await killAtRandom({ chunkTokens: SMALL, force: false, allowSecrets: true }, third);
        expect(killed).toBeGreaterThan(third / 2);
      },
      60_000 + third * MS_PER_KILL,
    );

    const forced = Math.ceil(kills / 2);
    it(
      `go on with a re-indexing, and never show half of one (${forced} times)`,
      async () => {
        const killed = await killAtRandom({ chunkTokens: LARGE, force: true }, forced);
        expect(killed).toBeGreaterThan(forced / 2);
      },
      60_000 + forced * MS_PER_KILL,
    );

    async function dropAll(store: VectorStore): Promise<void> {
      await store.deleteCollection(COLLECTION);
      await store.deleteCollection(successorName(COLLECTION));
    }
  });
}

function page(...names: readonly string[]): string {
  return `# A page\n\n${names.map((name) => `${`${name} `.repeat(30)}ends here.`).join("\n\n")}\n`;
}
