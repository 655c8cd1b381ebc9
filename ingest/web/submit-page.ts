import { anySignal } from "../../src/domain/any-signal.ts";
import type { IngestEvent, IngestReport, SubmitPageRequest } from "../../src/domain/ingest.ts";
import { CitewellError } from "../../src/errors.ts";
import { DEFAULT_MAX_FILE_BYTES } from "../loaders/load-document.ts";
import type { IngestParts } from "../run-ingestion.ts";
import { createSubmitDocuments } from "../submit-documents.ts";
import type { FetchedPage } from "./fetch-outcome.ts";
import { mediaTypeOf } from "./load-page.ts";
import { resolveBySystem, resolvePublicly } from "./public-address.ts";
import { parseWebAddress } from "./web-address.ts";
import { createWebFetcher, type WebOptions } from "./web-fetcher.ts";

/**
 * Makes the function that fetches one page and stores it like a document that was handed over as data. The generator throws
 * CitewellError `usage_invalid` and `address_refused` for the address, `page_unavailable` where there is no page to be had,
 * and what an ingestion throws.
 */
export function createSubmitPage(
  parts: IngestParts,
): (request: SubmitPageRequest) => AsyncGenerator<IngestEvent, IngestReport> {
  const submit = createSubmitDocuments(parts);
  return async function* submitPage({ url: given, source, metadata, ...request }) {
    const { signal, cancel } = request;
    const url = parseWebAddress(given);
    const named = { source: source ?? url.href, metadata };
    try {
      cancel?.throwIfAborted();
      const { bytes, contentType } = await fetchPage(url, parts, anySignal(signal, cancel));
      yield { type: "page-fetched", root: url.href, url: url.href, pages: 1 };
      const documents = [{ ...named, content: bytes, mediaType: mediaTypeOf(contentType) }];
      return yield* submit({ ...request, documents });
    } catch (error) {
      // An earlier run may have begun what is cancelled before it is fetched; without its content it can be taken back.
      if (cancel?.aborted !== true || error !== cancel.reason) throw error;
      return yield* submit({ ...request, documents: [{ ...named, content: "" }] });
    }
  };
}

async function fetchPage(
  url: URL,
  { web, maxFileBytes = DEFAULT_MAX_FILE_BYTES }: IngestParts,
  signal: AbortSignal | undefined,
): Promise<FetchedPage> {
  const outcome = await createWebFetcher(web).fetch(url, { maxBytes: maxFileBytes, signal });
  if (outcome.kind === "page") return outcome;
  const reason = outcome.kind === "unchanged" ? "HTTP 304 for a page that is not stored" : outcome.reason;
  throw new CitewellError("page_unavailable", `${url.href} cannot be taken: ${reason}.`, {
    retryable: outcome.kind === "failed",
  });
}

/**
 * Checks an address as far as that goes without asking its server.
 *
 * @throws CitewellError `usage_invalid`, `address_refused`, and `page_unavailable` for a host that is not known.
 */
export async function checkWebAddress(
  given: string,
  { allowPrivateAddresses = false, resolveHost = resolveBySystem }: WebOptions = {},
): Promise<void> {
  await resolvePublicly(parseWebAddress(given), { allowPrivateAddresses, resolveHost });
}
