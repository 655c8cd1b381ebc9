import { expect, it } from "vitest";
import { createCollectionState } from "../../../src/mcp/refresh/collection-state.ts";
import { canUpgrade } from "../../../src/mcp/refresh/upgrade-index.ts";
import { createFolderWatch } from "../../../src/mcp/refresh/watch-folders.ts";
import { createFakeUseCases, DOCUMENT } from "../../server/fake-use-cases.ts";

async function upgradable(roots: readonly string[], project: string): Promise<boolean> {
  const fakes = createFakeUseCases();
  const documents = roots.map((root, at) => ({ ...DOCUMENT, id: String(at), root }));
  const done = async (): Promise<void> => {};
  const index = {
    root: project,
    isUnfinished: () => false,
    begin: done,
    noteWords: done,
    hasWords: () => true,
    end: done,
    giveUp: done,
    isAutomatic: () => true,
  };
  return await canUpgrade("default", {
    state: createCollectionState(createFolderWatch({ left: 0 })),
    useCases: { ...fakes, documents: { ...fakes.documents, list: async () => ({ documents, nextCursor: null }) } },
    first: { collection: "default", index },
    signal: new AbortController().signal,
  });
}

it("knows its project by the path that the disk has, though it was started with another case of it", async () => {
  expect(await upgradable(["/Users/ada/Project"], "/users/ada/project")).toBe(true);
  expect(await upgradable(["/Users/ada/Project/"], "/Users/ada/Project")).toBe(true);
  expect(await upgradable(["/Users/ada/Project", "/elsewhere"], "/Users/ada/Project")).toBe(false);
});
