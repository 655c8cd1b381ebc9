import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const PACKAGE = "@modelcontextprotocol/inspector";
const ENTRY = "clients/launcher/build/index.js";
const run = promisify(execFile);

/** The inspector's entry: of the folder in `MCP_INSPECTOR`, or of the installed package; null where neither is there. */
function findInspector(): string | null {
  const given = process.env["MCP_INSPECTOR"];
  try {
    const folder = given ?? path.dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`));
    const entry = path.join(folder, ENTRY);
    return existsSync(entry) ? entry : null;
  } catch {
    return null;
  }
}

const inspector = findInspector();
let folder = "";

/** What the inspector prints for one method, with its exit code. */
async function inspect(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const server = [process.execPath, MAIN, "mcp"];
  // It keeps settings in the home folder.
  const options = { cwd: folder, env: { ...process.env, HOME: path.join(folder, ".home"), NO_COLOR: "1" } };
  try {
    // By default it gives a server 15 seconds to start, which may be short beside other work.
    const command = [inspector ?? "", "--cli", ...server, ...args, "--connect-timeout", "60000"];
    const done = await run(process.execPath, command, options);
    return { code: 0, ...done };
  } catch (error) {
    return failure.parse(error);
  }
}

const failure = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "citewell-inspector-"));
  await writeFile(path.join(folder, "package.json"), "{}\n");
  await writeFile(path.join(folder, "lift.md"), "# The lift\n\nThe lift was repaired on Monday.\n");
  await writeFile(path.join(folder, "lift.py"), "def call_lift(floor):\n    return send('lift', floor)\n");
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(inspector === null)(
  `the official inspector (${inspector === null ? `skipped: neither ${PACKAGE} nor MCP_INSPECTOR, the folder of that package, is there` : "found"})`,
  { timeout: 120_000 },
  () => {
    it("lists six tools, and finds nothing in their schemas that some client may not take", async () => {
      const { code, stdout, stderr } = await inspect("--method", "tools/list", "--strict");
      expect([code, stderr.match(/^(?:Error|Warning):.*/gm) ?? []]).toEqual([0, []]);
      expect(JSON.parse(stdout)).toMatchObject({ tools: Array.from({ length: 6 }, () => ({ annotations: {} })) });
    });

    it("is told that there are no resources and no prompts", async () => {
      expect((await inspect("--method", "resources/list")).stdout).toMatch(/"resources": \[\]/);
      expect((await inspect("--method", "prompts/list")).stdout).toMatch(/"prompts": \[\]/);
    });

    it.each([
      ["search_code", ["task=call the lift"], /lift\.py:1-2/],
      ["search_docs", ["query=When was the lift repaired?"], /repaired on Monday/],
      ["read_source", ["path=lift.md", "start_line=3"], /3\\tThe lift was repaired/],
      ["ask", ["question=When was the lift repaired?"], /Monday\. \[1\]/],
      ["index_status", [], /3 documents/],
      ["sync_index", [], /3 unchanged/],
    ])("calls %s", async (tool, args, expected) => {
      const given = args.length === 0 ? [] : ["--tool-arg", ...args];
      const { code, stdout } = await inspect("--method", "tools/call", "--tool-name", tool, ...given);
      expect([code, stdout]).toEqual([0, expect.stringMatching(expected)]);
      expect(JSON.parse(stdout)).toHaveProperty("structuredContent");
    });

    it.each([
      ["search_code", ["tasks=x"], /task/],
      ["search_docs", ["query=x", "limit=1000"], /limit/],
      ["read_source", ["path=nowhere.md"], /holds no nowhere\.md/],
      ["index_status", ["collection=other"], /There is no collection/],
    ])("is told what is wrong with a call of %s", async (tool, args, expected) => {
      const { code, stdout } = await inspect("--method", "tools/call", "--tool-name", tool, "--tool-arg", ...args);
      expect(code).toBeGreaterThan(0);
      expect(JSON.parse(stdout)).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(expected) }] });
    });
  },
);
