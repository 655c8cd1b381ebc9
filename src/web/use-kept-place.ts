import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * Keeps what was clicked where it is on the screen, although a document that opens or closes beside it makes the rest
 * narrower or wider. The result is called in front of the change; `shown` tells that it has happened.
 */
export function useKeptPlace(shown: unknown): () => void {
  const kept = useRef<{ readonly element: Element; readonly top: number } | null>(null);
  // The last element of the view that had the focus, since closing is clicked outside of it.
  const last = useRef<Element | null>(null);
  useLayoutEffect(() => {
    const { element, top } = kept.current ?? { element: null, top: 0 };
    kept.current = null;
    if (element?.isConnected !== true) return;
    scrollBy({ top: element.getBoundingClientRect().top - top, behavior: "instant" });
  }, [shown]);
  return () => {
    const focused = document.activeElement;
    if (focused?.closest("#main") !== null) last.current = focused;
    const element = last.current;
    kept.current = element === null ? null : { element, top: element.getBoundingClientRect().top };
  };
}
