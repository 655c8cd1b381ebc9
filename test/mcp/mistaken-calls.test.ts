import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { CodeSymbol } from "../../src/domain/code.ts";
import type { IndexRefresher } from "../../src/mcp/refresh/refresh-index.ts";
import { CODE_FILE, createFakeUseCases, DOCUMENT } from "../server/fake-use-cases.ts";
import { connectClient, textOf } from "./connect-client.ts";

const LINES = Array.from({ length: 90 }, (_, index) => `line ${String(index + 1)}`).join("\n");

const SYMBOL: CodeSymbol = {
  ...CODE_FILE,
  symbol: "Shop.install",
  lines: { start: 3, end: 5 },
  span: { start: 40, end: 90 },
};

/** A refresher with work under way in the default collection. */
function refresherAt(sentence: string): IndexRefresher {
  return {
    enabled: true,
    refresh: async () => [],
    inStepSince: () => null,
    describe: (collection) => (collection === "default" ? sentence : null),
    stop: async () => undefined,
    forget: () => undefined,
    close: async () => undefined,
  };
}

describe("calls as models make them", () => {
  it("takes a text for a list of one, and a number that is written as a text", async () => {
    const seen: unknown[] = [];
    const fakes = createFakeUseCases();
    const client = await connectClient({
      useCases: {
        findCode: (request) => {
          seen.push([request.filter, request.limit]);
          return fakes.findCode(request);
        },
      },
    });
    const call = { task: "x", path: "src", language: "typescript", limit: "3" };
    await client.callTool({ name: "search_code", arguments: call });
    expect(seen).toEqual([[{ source: ["src"], language: ["typescript"] }, 3]]);
  });

  it("asks for a list and for a number all the same", async () => {
    const { tools } = await (await connectClient()).listTools();
    const { inputSchema } = tools.find(({ name }) => name === "search_code") ?? {};
    expect(inputSchema).toMatchObject({
      required: ["task"],
      properties: { path: { type: "array" }, limit: { type: "integer", default: 8 } },
    });
  });

  it.each([
    ["search_code", { query: "x" }, 'task: It is missing, There is no parameter "query". There are: task, collection,'],
    [
      "read_source",
      { path: "a", lines: "3-4" },
      'There is no parameter "lines". There are: path, root, collection, start',
    ],
    ["search_code", { task: "x", limit: "many" }, "limit: Invalid input: expected number, received string"],
    ["search_code", { task: "x", path: 3 }, "path: Invalid input: expected array, received number"],
  ])("says which parameters %s takes instead of %j", async (name, args, sentence) => {
    const result = await (await connectClient()).callTool({ name, arguments: args });
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining(sentence)]);
  });

  it.each([
    [{ path: "install.md:40" }, [30, 70]],
    [{ path: "install.md:40:7" }, [30, 70]],
    [{ path: "install.md:5" }, [1, 35]],
    [{ path: "install.md#L40" }, [30, 70]],
    [{ path: "install.md#L40-L42" }, [40, 42]],
    [{ path: "install.md:40", end_line: 41 }, [40, 41]],
    [{ path: "install.md:40", start_line: 40 }, [40, 90]],
  ])(
    "shows what is around a line that a path names, and just the lines where it names several: %j",
    async (args, [start, end]) => {
      const fakes = createFakeUseCases();
      const get = async (): Promise<{ document: typeof DOCUMENT; text: string; chunks: [] }> => ({
        document: DOCUMENT,
        text: LINES,
        chunks: [],
      });
      const client = await connectClient({ useCases: { documents: { ...fakes.documents, get } } });
      const result = await client.callTool({ name: "read_source", arguments: args });
      expect(result.structuredContent).toMatchObject({ start_line: start, end_line: end });
    },
  );

  it.each(["install", "Shop.install", "install()"])("says where %s is, which is a name and no path", async (name) => {
    const fakes = createFakeUseCases();
    const client = await connectClient({
      useCases: {
        findCode: async (request) => ({
          ...(await fakes.findCode(request)),
          symbols: [SYMBOL, { ...SYMBOL, symbol: "reinstall", source: "src/other.ts" }],
        }),
      },
    });
    const result = await client.callTool({ name: "read_source", arguments: { path: name } });
    expect(textOf(result)).toBe(
      `The collection "default" holds no ${name}. It is not a path but a name; what it names is in src/install.ts:3-5.`,
    );
  });

  it("says that a file is there which is not indexed, to clients on this machine", async () => {
    const root = await mkdtemp(path.join(tmpdir(), "citewell-"));
    onTestFinished(() => rm(root, { recursive: true }));
    await writeFile(path.join(root, "pnpm-lock.yaml"), "");
    const say = async (cwd: string | null, wanted: string): Promise<string> =>
      textOf(
        await (
          await connectClient({ cwd, project: root })
        ).callTool({ name: "read_source", arguments: { path: wanted } }),
      );
    expect(await say(root, "pnpm-lock.yaml")).toContain("The file is there, but not indexed (ignored,");
    expect(await say(root, path.join(root, "pnpm-lock.yaml"))).toContain("The file is there, but not indexed");
    const busy = await connectClient({ cwd: root, project: root, refresher: refresherAt("The index is being made.") });
    expect(textOf(await busy.callTool({ name: "read_source", arguments: { path: "pnpm-lock.yaml" } }))).toContain(
      "The file is there: it is not indexed yet, or left out; read it without citewell.",
    );
    expect(await say(null, "pnpm-lock.yaml")).not.toContain("is there");
    expect(await say(root, `../${path.basename(root)}/../nowhere.yaml`)).not.toContain("is there");
    expect(await say(path.join(root, "sub"), "../../../../../../etc/host.conf")).not.toContain("is there");
  });

  it("says of a collection that is not there what there is, whatever is under way in another one", async () => {
    const refresher = refresherAt("The index is being made.");
    const client = await connectClient({ refresher });
    const result = await client.callTool({ name: "index_status", arguments: { collection: "nope" } });
    expect(textOf(result)).toContain('There is no collection "nope". There are: default');
  });
});
