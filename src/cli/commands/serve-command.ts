import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { countOf } from "../../domain/count-of.ts";
import { ingestLimits, runIngestion } from "./ingest-command.ts";
import { watchIngestion } from "./watch-ingestion.ts";
import { CitewellError, errorMessage, isCitewellError } from "../../errors.ts";
import type { CommandContext } from "../command-context.ts";
import type { StartHttp } from "../program-parts.ts";
import { createOwnRoots } from "../own-roots.ts";
import { serverExitCode } from "../exit-codes.ts";

/** Options of {@link runServe}. */
export interface ServeOptions {
  readonly startHttp: StartHttp;
  /** `[COLLECTION=]PATH`, to be brought in step while serving. */
  readonly ingest: readonly string[];
  /**
   * Whether those collections are kept in step from then on.
   * @default false
   */
  readonly watch?: boolean;
}

/** Serves until it is stopped; collections given with `--ingest` are brought in step while it serves. */
export async function runServe(
  context: CommandContext,
  { startHttp, ingest, watch = false }: ServeOptions,
): Promise<number> {
  const { signal, config, io } = context;
  if (watch && ingest.length === 0) {
    throw new CitewellError(
      "usage_invalid",
      "--watch belongs to --ingest; name what to keep in step, or leave it out.",
    );
  }
  const groups = groupRoots(ingest, { defaultCollection: config.collection, cwd: io.cwd });
  createOwnRoots(config, io).add([...groups.values()].flat());
  const useCases = await context.useCases();
  // Wrong settings of models end it now and not with the first question.
  await useCases.modelNames();
  const server = await startHttp(useCases, config);
  try {
    if (context.flags.json) context.printJson({ url: server.url });
    else context.note(`citewell: serving on ${server.url} (Ctrl-C ends)`);
    const ingestion = watch ? watchAll(context, groups) : ingestAll(context, groups);
    await aborted(signal);
    await ingestion;
  } finally {
    await server.close();
  }
  return serverExitCode(signal);
}

/** Reads `[COLLECTION=]PATH`, and puts the roots of one collection together. */
function groupRoots(
  given: readonly string[],
  { defaultCollection, cwd }: { readonly defaultCollection: string; readonly cwd: string },
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const text of given) {
    // A path may hold an equals sign itself.
    const parts = existsSync(resolve(cwd, text)) ? null : /^([A-Za-z0-9][A-Za-z0-9._-]*)=(.+)$/.exec(text);
    const [collection, root] = [parts?.[1] ?? defaultCollection, parts?.[2] ?? text];
    groups.set(collection, [...(groups.get(collection) ?? []), root]);
  }
  return groups;
}

/** Options for ingesting beside a server: somebody may search meanwhile, and nobody can be asked. */
const UNATTENDED = { isLogged: true, wordsFirst: true, upgrade: true } as const;

/** Pause before another try for a collection that another process ingests into, in milliseconds. */
const BUSY_MS = 1_000;

/** Repeats work as long as another process holds the collection, as replicas do that start at the same time. */
async function whenFree<Result>({ signal }: CommandContext, work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isCitewellError(error, "collection_busy")) throw error;
      await sleep(BUSY_MS, undefined, { signal });
    }
  }
}

/** Ingests one collection after the other. A failure is reported, and the server goes on with what is stored. */
async function ingestAll(context: CommandContext, groups: ReadonlyMap<string, readonly string[]>): Promise<void> {
  for (const [collection, roots] of groups) {
    if (context.signal.aborted) return;
    const name = `collection "${collection}"`;
    context.note(`citewell: bringing ${name} in step with ${roots.join(", ")}`);
    try {
      const report = await whenFree(context, () => runIngestion(context, { collection, roots, ...UNATTENDED }));
      const { added, changed, removed, skipped, failed } = report.documents;
      context.note(
        `citewell: ${name} is in step: ${added} added, ${changed} changed, ${removed} removed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}; ` +
          countOf(report.chunks.total, "chunk"),
      );
    } catch (error) {
      if (context.signal.aborted) return;
      context.io.stderr.write(`citewell: ${name} could not be brought in step: ${errorMessage(error)}\n`);
    }
  }
}

/** Watches all collections at once. A failure is reported, and the others go on. */
async function watchAll(context: CommandContext, groups: ReadonlyMap<string, readonly string[]>): Promise<void> {
  const limits = ingestLimits(context.config);
  const watchings = [...groups].map(async ([collection, roots]) => {
    try {
      await watchIngestion(context, { ...limits, collection, roots, ...UNATTENDED });
    } catch (error) {
      if (context.signal.aborted) return;
      context.io.stderr.write(`citewell: collection "${collection}" is no longer watched: ${errorMessage(error)}\n`);
    }
  });
  await Promise.all(watchings);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener("abort", () => done(), { once: true }));
}
