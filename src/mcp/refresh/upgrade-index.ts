import { listAllDocuments } from "../../answering/list-all-documents.ts";
import { isSameFolder } from "../project-folder.ts";
import { addNotes, type StepOptions } from "./collection-state.ts";
import { describeFailure, describeWaiting, startRun } from "./embed-unfinished.ts";

/**
 * Whether a collection may be made anew by a newer version's rules without anybody being asked: it has to be an index that
 * the server made by itself, of its project and nothing else.
 */
export async function canUpgrade(collection: string, { first, useCases, signal }: StepOptions): Promise<boolean> {
  if (first === undefined || first.collection !== collection || !first.index.isAutomatic()) return false;
  const documents = await listAllDocuments(useCases.documents, { collection, signal });
  return [...new Set(documents.map(({ root }) => root))].every((root) => isSameFolder(root, first.index.root));
}

/** Makes such a collection anew; the old one answers meanwhile. Never rejects. */
export async function upgradeIndex(collection: string, step: StepOptions): Promise<void> {
  const { state, first, signal } = step;
  if (first === undefined) return;
  state.isUpgrading = true;
  try {
    const run = startRun({ collection, roots: [first.index.root], upgrade: true, signal }, step);
    const outcome = await run.outcome;
    if (outcome.type !== "done") addNotes(state, [describeWaiting({})]);
  } catch (error) {
    if (!signal.aborted) addNotes(state, [describeFailure(error)]);
  } finally {
    state.isUpgrading = false;
  }
}
