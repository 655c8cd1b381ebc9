import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createSubmitDocuments } from "../../ingest/submit-documents.ts";
import type { EvalWorkspace } from "./eval-workspace.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";

/** Ingests a folder's `corpus.jsonl` of short passages, each as a Markdown document `<id>.md` under its title. */
export async function ingestPassages(
  { store, embedder }: Pick<EvalWorkspace, "store" | "embedder">,
  { collection, root }: { readonly collection: string; readonly root: string },
): Promise<void> {
  const lines = (await readFile(join(root, "corpus.jsonl"), "utf8")).split("\n").filter((line) => line !== "");
  const documents = lines.map((line) => {
    const { id, title, text }: { id: string; title: string; text: string } = JSON.parse(line);
    return { source: `${id}.md`, content: `# ${title}\n\n${text}\n` };
  });
  await runToEnd(createSubmitDocuments({ store, embedder })({ collection, documents }));
}
