import { useEffect, useState } from "preact/hooks";

/** Below this width a document lies over the page instead of beside it; the style sheet has the same limit. */
const NARROW = "(width < 64rem)";

/** Whether a document would cover the page. */
export function useIsNarrow(): boolean {
  const [isNarrow, setIsNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const media = matchMedia(NARROW);
    const read = (): void => setIsNarrow(media.matches);
    // The width may have changed since the first rendering.
    read();
    media.addEventListener("change", read);
    return () => media.removeEventListener("change", read);
  }, []);
  return isNarrow;
}
