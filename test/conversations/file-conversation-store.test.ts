import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFileConversationStore } from "../../src/conversations/file-conversation-store.ts";
import type { StoredConversation } from "../../src/domain/conversation.ts";

const conversation: StoredConversation = {
  id: "0b6cfd0e-8f5e-4f6e-9a39-6a3f3f3b8f11",
  collection: "default",
  createdAt: "2026-11-20T10:00:00.000Z",
  updatedAt: "2026-11-20T10:00:00.000Z",
  messages: [{ role: "user", content: "Was \u{1F600}?" }],
  answers: [],
};

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "citewell-conversations-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("createFileConversationStore", () => {
  it("gives back what was stored, in another instance too", async () => {
    const deep = join(folder, "deep", "down");
    await createFileConversationStore({ folder: deep }).put(conversation);
    expect(await createFileConversationStore({ folder: deep }).get(conversation.id)).toEqual(conversation);
    expect(await readdir(deep)).toEqual([`${conversation.id}.json`]);
  });

  it("knows nothing of an unknown id, a path or another form of id", async () => {
    const store = createFileConversationStore({ folder });
    await writeFile(join(folder, "secret.json"), "{}");
    expect(await store.get("11111111-1111-4111-8111-111111111111")).toBeNull();
    expect(await store.get("secret")).toBeNull();
    expect(await store.get("../secret")).toBeNull();
  });

  it("keeps a conversation for the days that were asked for", async () => {
    const store = createFileConversationStore({ folder, keepDays: 7, now: () => Date.parse("2026-11-27T11:00:00Z") });
    await store.put(conversation);
    expect(await store.get(conversation.id)).toBeNull();
    expect(await createFileConversationStore({ folder }).get(conversation.id)).toEqual(conversation);
  });

  it("removes the files of conversations whose time is over and of drafts that were left", async () => {
    const day = new Date("2020-01-01T10:00:00Z");
    const names = ["11111111-1111-4111-8111-111111111111.json", "a.json.b.tmp", "other.txt"];
    for (const name of names) {
      await writeFile(join(folder, name), "{}");
      await utimes(join(folder, name), day, day);
    }
    await createFileConversationStore({ folder, keepDays: 7 }).put(conversation);
    await vi.waitFor(async () => expect(await readdir(folder)).toEqual([`${conversation.id}.json`, "other.txt"]));
  });

  it("keeps everything but drafts where no limit is set", async () => {
    const long = new Date("2020-01-01T10:00:00Z");
    for (const name of ["11111111-1111-4111-8111-111111111111.json", "a.json.b.tmp"]) {
      await writeFile(join(folder, name), "{}");
      await utimes(join(folder, name), long, long);
    }
    await createFileConversationStore({ folder }).put(conversation);
    await vi.waitFor(async () => expect(await readdir(folder)).not.toContain("a.json.b.tmp"));
    expect(await readdir(folder)).toHaveLength(2);
  });

  it("names the folder when it can't write", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await expect(createFileConversationStore({ folder: file }).put(conversation)).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringContaining(file),
    });
  });
});
