import { describe, expect, it } from "vitest";
import { readAnnounced } from "../../src/retrieval/read-announced.ts";

const LEAD = "To open the gate, write these lines:";

/** What is shown of a document whose passage ends with {@link LEAD}. */
async function shown(
  behind: string,
  { lead = LEAD, isCode = false, reads = new Array<unknown>() } = {},
): Promise<string | undefined> {
  const text = lead + behind;
  const placed = {
    text: lead,
    span: { start: 0, end: lead.length },
    lines: { start: 1, end: lead.split("\n").length },
  };
  const [one] = await readAnnounced([{ documentId: "d", isCode, placed }], {
    store: {
      readSpans: async (_name, spans) => {
        reads.push(...spans);
        return spans.map(({ span }) => text.slice(span.start, span.end));
      },
    },
    collection: "default",
    signal: undefined,
  });
  expect(one?.text).toBe(text.slice(0, one?.span.end));
  expect(one?.lines.end).toBe(one?.text.split("\n").length);
  return one?.text.slice(lead.length);
}

describe("readAnnounced", () => {
  it.each([
    ["code between fences", "\n\n```sh\ngate open\n\n# done\n```"],
    ["a list, with lines that go on and empty ones", "\n\n- the key\n  of iron\n- the lamp\n\n- the oil"],
    ["numbered steps whose lines are wrapped", "\n1. Turn the\nwheel.\n2. Wait."],
    ["items that letters count", "\na. the key;\nb. the lamp"],
    ["a table", "\n\n| part | size |\n|---|---|\n| wheel | 3 |"],
    ["a table without bars at its ends", "\n\npart | size\n---|---\nwheel | 3"],
    ["an indented block", "\n\n    gate open\n\n    gate shut"],
  ])("adds %s and nothing else", async (_, block) => {
    expect(await shown(`${block}\n\nThen rest.\n`)).toBe(block);
    expect(await shown(block)).toBe(block);
  });

  it.each([
    ["prose", "\n\nThen rest."],
    ["a heading", "\n\n## The lock\n\n- a\n"],
    ["nothing", ""],
    ["a fence that nothing closes", "\n\n```sh\ngate open\n"],
    ["a block whose end is far away", `\n\n${"- the key\n".repeat(200)}`],
  ])("adds no %s", async (_, behind) => {
    expect(await shown(behind)).toBe("");
  });

  it("reads nothing behind what announces nothing, or behind source code", async () => {
    const block = "\n\n- the key\n";
    const reads: unknown[] = [];
    expect(await shown(block, { lead: "The gate is open.", reads })).toBe("");
    expect(await shown(block, { lead: "case 3:", isCode: true, reads })).toBe("");
    expect(reads).toEqual([]);
    expect(await shown(block, { reads })).toBe(block.trimEnd());
    expect(reads).toHaveLength(1);
  });

  it("adds the answer to a question that ends what somebody says in a chat", async () => {
    const lead = "Jon: I came by boat.\nMara: Where did you leave it?";
    const turn = "\nJon: At the weir.\nIt leaks.";
    expect(await shown(`${turn}\nMara: I see.`, { lead })).toBe(turn);
    expect(await shown(turn, { lead })).toBe(turn);
    expect(await shown("\nThe boat lay at the weir.", { lead })).toBe("");
    expect(await shown(`\nJon: ${"At the weir. ".repeat(200)}`, { lead })).toBe("");
    expect(await shown(turn, { lead: "Where did he leave it?" })).toBe("");
  });
});
