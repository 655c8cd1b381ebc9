import { listAllDocuments } from "../../answering/list-all-documents.ts";
import { isCitewellError } from "../../errors.ts";
import { ALL_ROOTS, describeForeign, foreignRoots } from "../own-roots.ts";
import { addNotes, FREE_LOOK_MS, type StepOptions } from "./collection-state.ts";
import { describeFailure, describeWaiting, embedUnfinished, startEmbedding, startRun } from "./embed-unfinished.ts";
import { escapeGlob, failures } from "./index-run.ts";
import { makeFirstIndex } from "./make-first-index.ts";
import { emptyLook, forgetLook, lookAtRoots, type RootLook } from "./look-at-roots.ts";
import { canUpgrade, upgradeIndex } from "./upgrade-index.ts";
import { foldersOf } from "./watch-folders.ts";

/**
 * Makes the first index, or stores what changed by its words and starts its embedding. Never rejects: a failure becomes
 * a note.
 */
export async function keepInStep(collection: string, step: StepOptions): Promise<void> {
  const { state, signal } = step;
  // Nothing can be stored in the old index, and the new one gets every change.
  if (state.isUpgrading) return;
  state.missing = null;
  try {
    if (await makeFirstIndex(collection, step)) return;
    await bringInStep(collection, step);
  } catch (error) {
    if (signal.aborted) return;
    // The call itself reports this.
    if (isCitewellError(error, "collection_missing")) state.notes = [];
    else state.notes = [describeFailure(error)];
  }
}

async function bringInStep(collection: string, step: StepOptions): Promise<void> {
  const { state, useCases, first, signal, freeLookMs = FREE_LOOK_MS, ownRoots = ALL_ROOTS } = step;
  // In an index that the server made by itself, nobody meant to keep anything.
  const isAutomatic = first?.collection === collection && first.index.isAutomatic();
  const [started, startedAt] = [performance.now(), Date.now()];
  const stored = await listAllDocuments(useCases.documents, { collection, signal });
  const foreign = foreignRoots(
    stored.map(({ root }) => root),
    ownRoots,
  );
  const documents = stored.filter(({ root }) => !foreign.has(root));
  const looks = await lookAtRoots(documents, { memory: state.looked, isAutomatic, isFirstIndex: state.isFirst });
  // Without any document there is no root to look at, so the project itself is.
  if (isAutomatic && documents.length === 0) looks.push({ ...emptyLook(first.index.root), isWhole: true });
  state.lookMs = performance.now() - started;
  if (state.lookMs > freeLookMs) state.watch.follow(foldersOf(documents));
  state.notes = [...Array.from(foreign, describeForeign), ...looks.filter(({ gone }) => gone > 0).map(describeGone)];
  const changed = looks.filter(({ sources, folders, isWhole }) => isWhole || sources.length + folders.length > 0);
  // The newest change comes first; what was under way continues after it.
  if (changed.length > 0) await state.embedding?.stop();
  try {
    let isInStep = true;
    for (const look of changed) isInStep = (await storeWords(collection, look, { ...step, isAutomatic })) && isInStep;
    if (isInStep) state.inStepAt = startedAt;
    await takeUpBegun(collection, looks, step);
  } catch (error) {
    for (const look of looks) forgetLook(look, state.looked);
    if (!isCitewellError(error, "collection_mismatch") || !(await canUpgrade(collection, step))) throw error;
    startEmbedding(step, ({ signal: stop }) => upgradeIndex(collection, { ...step, signal: stop }));
    return;
  }
  if (state.unfinished.size === 0 || state.embedding !== null) return;
  startEmbedding(step, (control) => embedUnfinished(collection, { ...step, ...control }));
}

/** Documents that somebody began and did not finish are stored again, unless another process is working on them. */
async function takeUpBegun(collection: string, looks: readonly RootLook[], step: StepOptions): Promise<void> {
  if (step.state.embedding !== null) return;
  for (const { root, begun: sources } of looks) {
    if (sources.length === 0) continue;
    await storeWords(collection, { ...emptyLook(root), sources }, { ...step, givesWay: true });
  }
}

function describeGone({ root, gone, isRootGone }: RootLook): string {
  if (isRootGone) return `${root} is gone; its documents stay in the index.`;
  const [what, them] = gone === 1 ? ["document of", "it"] : ["documents of", "them"];
  return `${gone} indexed ${what} ${root} without a file any more; sync_index removes ${them}.`;
}

/** Stores what changed under a root by its words, and removes what is gone. False where another process is in the way. */
async function storeWords(
  collection: string,
  look: RootLook,
  step: StepOptions & { readonly givesWay?: boolean; readonly isAutomatic?: boolean },
): Promise<boolean> {
  const { state, signal, givesWay = false, isAutomatic = false } = step;
  const { root, sources, folders, endings, vanished, isWhole } = look;
  const inFolders = folders.flatMap((folder) =>
    endings.map((ending) => `${escapeGlob(folder)}/**/*${escapeGlob(ending)}`),
  );
  const include = isWhole ? ["**"] : [...sources.map(escapeGlob), ...inFolders];
  const run = { collection, roots: [root], include, wordsOnly: true, givesWay, signal };
  try {
    const outcome = await startRun(run, step).outcome.catch(async (error: unknown) => {
      if (!isCitewellError(error, "deletion_refused")) throw error;
      const isGone = isAutomatic && vanished.length > 0;
      // Nothing but these is taken, so that only they go.
      const gone = { collection, roots: [root], include: vanished.map(escapeGlob), force: true, signal };
      if (isGone) await startRun(gone, step).outcome;
      else addNotes(state, [MOST_ARE_GONE]);
      // What has changed besides must not wait for somebody to decide that.
      return startRun({ ...run, removeMissing: false }, step).outcome;
    });
    if (outcome.type !== "done") return leaveToOthers(look, step);
    addNotes(state, failures(root, outcome.report.files));
    const before = state.unfinished.get(root);
    if (outcome.found > 0 && before !== null) state.unfinished.set(root, new Set([...(before ?? []), ...include]));
  } catch (error) {
    if (givesWay && isCitewellError(error, "collection_busy")) return leaveToOthers(look, step);
    // New files that .gitignore names are no business of the index.
    if (!isCitewellError(error, "corpus_empty")) throw error;
  } finally {
    state.run = null;
  }
  return true;
}

function leaveToOthers(look: RootLook, step: StepOptions & { readonly givesWay?: boolean }): false {
  addNotes(step.state, [describeWaiting({ hasWords: step.givesWay === true })]);
  forgetLook(look, step.state.looked);
  return false;
}

const MOST_ARE_GONE =
  "The files of more than half of the documents are gone: these stay in the index until sync_index with force removes them.";
