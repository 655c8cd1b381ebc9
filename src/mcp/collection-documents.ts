import type { ManageDocuments } from "../answering/use-cases.ts";
import type { DocumentRecord } from "../domain/document.ts";

const PAGE = 1_000;

/** Every document of a collection. */
export async function listAllDocuments(
  documents: Pick<ManageDocuments, "list">,
  collection: string,
  signal?: AbortSignal,
): Promise<readonly DocumentRecord[]> {
  const found: DocumentRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await documents.list({
      collection,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
      ...(signal === undefined ? {} : { signal }),
    });
    found.push(...page.documents);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
