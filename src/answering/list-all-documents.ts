import type { DocumentRecord } from "../domain/document.ts";
import type { ManageDocuments } from "./use-cases.ts";

const PAGE = 1_000;

/** Lists every document of a collection, page by page. */
export async function listAllDocuments(
  documents: Pick<ManageDocuments, "list">,
  { collection, signal }: { readonly collection: string; readonly signal?: AbortSignal },
): Promise<readonly DocumentRecord[]> {
  const found: DocumentRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await documents.list({ collection, limit: PAGE, cursor, signal });
    found.push(...page.documents);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
