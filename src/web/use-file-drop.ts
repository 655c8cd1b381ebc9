import { useEffect, useRef, useState } from "preact/hooks";
import { droppedFiles } from "./given-files.ts";
import type { GivenFiles } from "./upload-batches.ts";

/**
 * Takes files and folders that are dropped anywhere on the page, which a browser would leave the page for, and tells
 * whether some are being dragged over it.
 */
export function useFileDrop(onFiles: (given: GivenFiles) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const over = (event: DragEvent): void => {
      // Text that is dragged within the page is none of ours.
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      setIsOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent): void => {
      setIsOver(false);
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      void droppedFiles(event.dataTransfer).then((given) => latest.current(given));
    };
    addEventListener("dragover", over, { signal });
    addEventListener("dragleave", leave, { signal });
    addEventListener("drop", drop, { signal });
    return () => controller.abort();
  }, []);
  return isOver;
}
