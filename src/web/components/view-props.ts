import type { DocumentAddress } from "../address.ts";
import type { Failure } from "../api.ts";

/** What every view gets. */
export interface ViewProps {
  readonly collection: string;
  /** Counts up when everything has to be fetched anew. */
  readonly generation: number;
  /** The document that is shown beside the view. */
  readonly panel: DocumentAddress | null;
  /** Whether the page says already that the server does not answer. */
  readonly isAway: boolean;
  /** Shows a document beside the view; without a collection, one of the current one. */
  readonly onOpen: (document: Omit<DocumentAddress, "collection">, collection?: string) => void;
  /** Hears of failures beside the place that shows them. */
  readonly onFailure: (failure: Failure) => void;
}
