import { describe, expect, it } from "vitest";
import { loadBytes } from "../../../../ingest/loaders/load-document.ts";

async function load(source: string, data: unknown): Promise<unknown> {
  const bytes = Buffer.from(typeof data === "string" ? data : JSON.stringify(data, null, 2));
  const outcome = await loadBytes({ root: "/r", source, bytes });
  if (outcome.status !== "loaded") throw new Error(outcome.reason);
  const { text, title, language } = outcome.document;
  return { text, title, language, note: outcome.note };
}

describe("exports of chats", () => {
  it("shows a day of Slack with names, replies, links and files", async () => {
    const day = [
      {
        type: "message",
        user: "U1",
        ts: "1772703600.0002",
        text: "Timeouts &gt; 3 s, <@U2>",
        user_profile: { real_name: "Ann Wu" },
      },
      {
        type: "message",
        user: "U2",
        ts: "1772703700.0003",
        thread_ts: "1772703600.0002",
        text: "See <https://wiki.example/pool|pool> in <#C1|ops>",
        user_profile: { real_name: "", display_name: "bob" },
        files: [{ name: "graph.png" }],
      },
      { type: "message", subtype: "bot_message", username: "deploybot", ts: "1772704000.0001", text: "Done" },
      { type: "message", user: "U1", ts: "1772704100.0001", text: "Thanks" },
    ];
    expect(await load("deploys/2026-03-05.json", day)).toEqual({
      text:
        "[2026-03-05 09:40] Ann Wu: Timeouts > 3 s, @bob\n\n" +
        "[2026-03-05 09:41] bob (reply): See [pool](https://wiki.example/pool) in #ops (attached: graph.png)\n\n" +
        "[2026-03-05 09:46] deploybot: Done\n\n[2026-03-05 09:48] Ann Wu: Thanks\n",
      title: "deploys 2026-03-05",
      language: "chat",
      note: "times of the chat are in UTC",
    });
  });

  it("shows a channel of Discord under its name", async () => {
    const chat = {
      guild: { id: "1", name: "Makers" },
      channel: { id: "2", name: "general" },
      messages: [
        {
          timestamp: "2026-02-01T18:04:11.12+01:00",
          content: "6 mm plywood",
          author: { name: "kira_k", nickname: "Kira" },
        },
        {
          timestamp: "2026-02-01T18:05:00+01:00",
          content: "",
          author: { name: "tom" },
          attachments: [{ fileName: "a.jpg" }],
        },
      ],
    };
    expect(await load("general.json", chat)).toMatchObject({
      text: "# Makers: general\n\n[2026-02-01 18:04] Kira: 6 mm plywood\n\n[2026-02-01 18:05] tom: (attached: a.jpg)\n",
      title: "Makers: general",
      note: "",
    });
  });

  it("puts the parts of a message of Telegram together, and passes over who joined", async () => {
    const chat = {
      name: "Family",
      type: "private_group",
      messages: [
        { type: "service", date: "2026-01-01T10:00:00", actor: "Ola" },
        {
          type: "message",
          date: "2026-01-02T11:00:00",
          from: "Ola",
          text: ["Arrives ", { type: "bold", text: "Friday" }],
        },
      ],
    };
    expect(await load("result.json", chat)).toMatchObject({
      text: "# Family\n\n[2026-01-02 11:00] Ola: Arrives Friday\n",
    });
  });

  it("follows a conversation with an assistant to its last message, not into other branches", async () => {
    const message = (role: string, text: string): unknown => ({
      author: { role },
      content: { parts: [text] },
      create_time: 1770000001,
    });
    const chats = [
      {
        title: "Sourdough",
        current_node: "d",
        mapping: {
          a: { message: null, parent: null, children: ["b", "c"] },
          b: { message: message("user", "How cold?"), parent: "a" },
          c: { message: message("user", "How warm?"), parent: "a" },
          d: { message: message("assistant", "26 °C."), parent: "c" },
        },
      },
    ];
    expect(await load("conversations.json", chats)).toMatchObject({
      text: "# Sourdough\n\n[2026-02-02 02:40] user: How warm?\n\n[2026-02-02 02:40] assistant: 26 °C.\n",
      title: "Sourdough",
    });
    const other = [
      { name: "Plants", chat_messages: [{ sender: "human", text: "Basil?", created_at: "2026-02-02T02:40:00Z" }] },
    ];
    expect(await load("conversations.json", other)).toMatchObject({
      text: "# Plants\n\n[2026-02-02 02:40] human: Basil?\n",
    });
  });

  it("leaves other JSON, and what only looks like a chat, as it is", async () => {
    expect(await load("users.json", [{ id: "U1", name: "ann" }])).toMatchObject({ language: "json" });
    const broken = '[\n  {"type": "message", "ts": "1.2", "user": "U1", "text": "never ended"\n';
    expect(await load("broken.json", broken)).toMatchObject({ text: broken });
  });
});
