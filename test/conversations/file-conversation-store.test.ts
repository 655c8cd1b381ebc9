import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFileConversationStore } from "../../src/conversations/file-conversation-store.ts";
import type { StoredConversation } from "../../src/domain/conversation.ts";
import { fakeAnswer } from "../server/fake-use-cases.ts";

const AT = "2026-11-20T10:00:00.000Z";

const begun: StoredConversation = {
  id: "0b6cfd0e-8f5e-4f6e-9a39-6a3f3f3b8f11",
  collection: "default",
  createdAt: "2026-11-20T10:00:00.000Z",
  updatedAt: "2026-11-20T10:00:00.000Z",
  messages: [],
  answers: [],
};
const FIRST = additionOf("Was \u{1F600}?");
const conversation: StoredConversation = { ...begun, messages: FIRST.messages, answers: [FIRST.answer] };

function additionOf(question: string, at = AT) {
  return { at, messages: [{ role: "user" as const, content: question }], answer: fakeAnswer(question) };
}

function questionsIn(stored: StoredConversation | null): readonly string[] | undefined {
  return stored?.answers.map(({ question }) => question);
}

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "citewell-conversations-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("createFileConversationStore", () => {
  it("gives back what was stored, in another instance too", async () => {
    const deep = join(folder, "deep", "down");
    await createFileConversationStore({ folder: deep }).add(begun, FIRST);
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
    await store.add(begun, FIRST);
    expect(await store.get(conversation.id)).toBeNull();
    expect(await createFileConversationStore({ folder }).get(conversation.id)).toEqual(conversation);
  });

  it("removes the files of conversations whose time is over and of drafts that were left", async () => {
    const day = new Date("2020-01-01T10:00:00Z");
    const names = ["11111111-1111-4111-8111-111111111111.json", "a.json.b.tmp", "b.json.turn", "other.txt"];
    for (const name of names) {
      await writeFile(join(folder, name), "{}");
      await utimes(join(folder, name), day, day);
    }
    await createFileConversationStore({ folder, keepDays: 7 }).add(begun, FIRST);
    await expect.poll(() => readdir(folder)).toEqual([`${conversation.id}.json`, "other.txt"]);
  });

  it("keeps everything but drafts where no limit is set", async () => {
    const long = new Date("2020-01-01T10:00:00Z");
    for (const name of ["11111111-1111-4111-8111-111111111111.json", "a.json.b.tmp"]) {
      await writeFile(join(folder, name), "{}");
      await utimes(join(folder, name), long, long);
    }
    await createFileConversationStore({ folder }).add(begun, FIRST);
    await expect.poll(() => readdir(folder)).not.toContain("a.json.b.tmp");
    expect(await readdir(folder)).toHaveLength(2);
  });

  it("names the folder when it can't write", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await expect(createFileConversationStore({ folder: file }).add(begun, FIRST)).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringContaining(file),
    });
  });

  it("adds to what others added since the conversation was read, and says so", async () => {
    const store = createFileConversationStore({ folder });
    expect(await store.add(begun, FIRST)).toBe("kept");
    expect(await store.add(conversation, additionOf("Second?", "2026-11-20T10:01:00.000Z"))).toBe("kept");
    expect(await store.add(conversation, additionOf("Third?", "2026-11-20T10:02:00.000Z"))).toBe("overtaken");
    const stored = await store.get(begun.id);
    expect(questionsIn(stored)).toEqual(["Was \u{1F600}?", "Second?", "Third?"]);
    expect(stored?.messages.map(({ content }) => content)).toEqual(questionsIn(stored));
    expect(stored?.updatedAt).toBe("2026-11-20T10:02:00.000Z");
  });

  it("does not bring back a conversation that was removed", async () => {
    const store = createFileConversationStore({ folder });
    await store.add(begun, FIRST);
    expect(await store.remove(begun.id)).toBe(true);
    expect(await store.remove(begun.id)).toBe(false);
    expect(await store.remove("../secret")).toBe(false);
    expect(await store.add(conversation, additionOf("Second?"))).toBe("gone");
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("holding a conversation", () => {
  it("waits until the one that holds it gives it back, and leaves nothing behind", async () => {
    const [one, other] = [createFileConversationStore({ folder }), createFileConversationStore({ folder })];
    const order: string[] = [];
    const giveBack = await one.hold(begun.id);
    const holdToo = async (): Promise<void> => {
      const giveBackToo = await other.hold(begun.id);
      order.push("second");
      await giveBackToo();
    };
    const second = holdToo();
    await (
      await other.hold("11111111-1111-4111-8111-111111111111")
    )();
    order.push("first ends");
    await giveBack();
    await second;
    expect(order).toEqual(["first ends", "second"]);
    expect(await readdir(folder)).toEqual([]);
  });

  it("lets one go that no longer waits", async () => {
    const store = createFileConversationStore({ folder });
    const giveBack = await store.hold(begun.id);
    const gone = new AbortController();
    const waiter = store.hold(begun.id, { signal: gone.signal });
    gone.abort(new Error("The client closed the connection."));
    await expect(waiter).rejects.toThrow("closed the connection");
    await expect(store.hold(begun.id, { signal: gone.signal })).rejects.toThrow("closed the connection");
    await giveBack();
    await (
      await store.hold(begun.id)
    )();
  });

  it("needs no folder, and no id that could be one", async () => {
    const store = createFileConversationStore({ folder: join(folder, "nowhere") });
    await (
      await store.hold(begun.id)
    )();
    await (
      await store.hold("known")
    )();
    expect(await readdir(folder)).toEqual([]);
  });

  it("names the folder when it can't write", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await expect(createFileConversationStore({ folder: file }).hold(begun.id)).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringContaining(file),
    });
  });
});
