import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CodeResult } from "../../src/code-execution/code-executor.ts";
import { checkProcessGroups, runProgram } from "../../src/code-execution/run-program.ts";
import { readSourceFiles } from "../architecture/read-source-file.ts";
import { createLocalExecutor, type LocalExecutorOptions } from "../../src/code-execution/local-executor.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
let workDir = "";

beforeEach(async () => {
  workDir = await mkdtemp(join(tmpdir(), "citewell-code-"));
});
afterEach(async () => {
  await rm(workDir, { recursive: true, force: true });
});

async function run(
  blocks: readonly (readonly [language: string, code: string])[],
  options: Partial<LocalExecutorOptions> = {},
): Promise<CodeResult> {
  return createLocalExecutor({ workDir, ...options }).execute(blocks.map(([language, code]) => ({ language, code })));
}

async function isGone(pid: number): Promise<boolean> {
  // A killed process stays in the table until its parent has read its end.
  for (let tries = 0; tries < 100; tries += 1) {
    const status = await readFile(`/proc/${String(pid)}/stat`, "utf8").catch(() => null);
    if (status === null || /^\d+ \(.*\) Z/.test(status)) return true;
    await sleep(20);
  }
  return false;
}

describe("the local executor", () => {
  it.each([
    ["sh", "echo hello"],
    ["bash", "[[ hello == h* ]] && echo hello"],
    ["javascript", 'console.log("hello")'],
    ["typescript", 'const word: string = "hello";\nconsole.log(word)'],
    ["", "#!/bin/sh\necho hello"],
    ["", "const word = 'hello';\nconsole.log(word)"],
  ])("runs %s", async (language, code) => {
    expect(await run([[language, code]])).toEqual({ exitCode: 0, output: "hello\n" });
  });

  it.skipIf(!hasPython)("runs Python, and blocks see the files of earlier ones", async () => {
    const result = await run([
      ["python", "# filename: tools.py\nword = 'hello'"],
      ["python", "import tools\nprint(tools.word)"],
    ]);
    expect(result).toEqual({ exitCode: 0, output: "hello\n" });
    expect(await readdir(workDir)).toContain("tools.py");
  });

  it("stops at the first block that fails and says why", async () => {
    const result = await run([
      ["sh", "echo one"],
      ["sh", "echo two >&2; exit 3"],
      ["sh", "echo three"],
    ]);
    expect(result).toEqual({ exitCode: 3, output: "one\ntwo\n" });
  });

  it.each([
    ["# filename: out/plot.sh\necho hi", "out/plot.sh"],
    ["#!/bin/sh\n# filename: second.sh\necho hi", "second.sh"],
  ])("keeps a block in the file that it names", async (code, name) => {
    expect((await run([["sh", code]])).exitCode).toBe(0);
    expect(await readFile(join(workDir, name), "utf8")).toBe(`${code}\n`);
  });

  it("leaves no file of a block without a name; another comment names nothing", async () => {
    expect((await run([["sh", "# just a comment\necho hi"]])).output).toBe("hi\n");
    expect(await readdir(workDir)).toEqual([]);
  });

  it.each([
    ["html", "<!-- filename: page.html -->\n<p>", "page.html"],
    ["css", "/* filename: page.css */\np {}", "page.css"],
  ])("saves %s without running it", async (language, code, name) => {
    expect(await run([[language, code]])).toEqual({ exitCode: 0, output: `Saved as ${name}.\n` });
    expect(existsSync(join(workDir, name))).toBe(true);
  });

  it.each(["../outside.sh", "/tmp/outside.sh", "a/../../outside.sh", "link/outside.sh", "new.sh", "."])(
    "refuses the file name %s",
    async (name) => {
      const other = await mkdtemp(join(tmpdir(), "citewell-other-"));
      await symlink(other, join(workDir, "link"));
      await symlink(join(other, "made.sh"), join(workDir, "new.sh"));
      const result = await run([["sh", `# filename: ${name}\necho hi`]]);
      expect(result.exitCode).toBe(1);
      expect(result.output).toContain("Filename is not in the workspace");
      expect(await readdir(other)).toEqual([]);
      await rm(other, { recursive: true });
    },
  );

  it.each(["there", "file.txt/plot.py", `${"long".repeat(100)}.py`, "a\0b.py"])(
    "says that it cannot write the file %j",
    async (name) => {
      await mkdir(join(workDir, "there"));
      await writeFile(join(workDir, "file.txt"), "");
      const result = await run([["python", `# filename: ${name}\nprint("hi")`]]);
      expect(result.exitCode).toBe(1);
      expect(result.output).toMatch(/cannot be written \(\w+\)\. Use another file name; nothing was run\.\n$/);
      expect(result.output).not.toContain(workDir);
    },
  );

  it("refuses a folder that cannot be made, and what is no list of blocks", async () => {
    const file = join(workDir, "file.txt");
    await writeFile(file, "");
    await expect(run([["sh", "true"]], { workDir: file })).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining("name another one as workDir"),
    });
    const executor = createLocalExecutor({ workDir });
    for (const blocks of ["print(1)", { language: "python", code: "print(1)" }, [["python", "print(1)"]]]) {
      const refused: unknown = Reflect.apply(executor.execute.bind(executor), undefined, [blocks]);
      await expect(refused).rejects.toThrow('execute takes a list of blocks: [{ language: "python", code: "…" }].');
    }
  });

  it.each(["cobol", ""])("does not run the language %j", async (language) => {
    const result = await run([[language, "MOVE ONE TO TWO."]]);
    expect(result.exitCode).toBe(1);
    expect(result.output).toContain("unknown language");
  });

  it("lets code end under a time limit that no timer can wait for", async () => {
    const result = await run([["sh", "sleep 0.1; echo done"]], { timeoutSeconds: Number.MAX_SAFE_INTEGER });
    expect(result).toEqual({ exitCode: 0, output: "done\n" });
  });

  it("kills what the code started at the time limit", async () => {
    const result = await run([["sh", "sleep 600 & echo $!; echo before; sleep 600"]], { timeoutSeconds: 0.3 });
    expect(result.exitCode).toBe(124);
    expect(result.output).toMatch(/before\n[^]*Timeout/);
    expect(await isGone(Number.parseInt(result.output, 10))).toBe(true);
  });

  it("kills what code leaves running behind", async () => {
    const result = await run([["sh", "sleep 600 & echo $!"]]);
    expect(result.exitCode).toBe(0);
    expect(await isGone(Number.parseInt(result.output, 10))).toBe(true);
  });

  it("ends although a process outside of the group holds the output open", async () => {
    const code =
      'const { spawn } = require("node:child_process");\n' +
      'const child = spawn("sleep", ["30"], { detached: true, stdio: "inherit" });\nchild.unref();\nconsole.log(child.pid);';
    const result = await run([["javascript", `${code}\nprocess.exit(0)`]]);
    expect(result.exitCode).toBe(0);
    process.kill(Number.parseInt(result.output, 10), "SIGKILL");
  });

  it("kills the code on abort and passes the reason on", async () => {
    const controller = new AbortController();
    const executor = createLocalExecutor({ workDir });
    const running = executor.execute([{ language: "sh", code: "echo $$ > pid; sleep 600" }], {
      signal: controller.signal,
    });
    const file = join(workDir, "pid");
    while (!existsSync(file) || (await readFile(file, "utf8")) === "") await sleep(5);
    controller.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    expect(await isGone(Number.parseInt(await readFile(file, "utf8"), 10))).toBe(true);
    await expect(executor.execute([], { signal: controller.signal })).rejects.toThrow("enough");
  });

  it("shows code nothing of the environment but the allow-list", async () => {
    process.env["CITEWELL_TEST_SECRET"] = "sesame";
    const code = "env | cut -d= -f1 | sort | tr '\\n' ' '; echo; echo $HOME";
    const { output } = await run([["sh", code]]);
    const [names = "", home] = output.split("\n");
    expect(home).toBe(workDir);
    const expected = new Set(["HOME", "LANG", "OLDPWD", "PATH", "PWD", "PYTHONUNBUFFERED", "SHLVL", "_"]);
    expect(
      names
        .trim()
        .split(" ")
        .filter((name) => !expected.has(name)),
    ).toEqual([]);
    const allowed = await run([["sh", "echo $CITEWELL_TEST_SECRET"]], { env: ["PATH", "CITEWELL_TEST_SECRET"] });
    expect(allowed.output).toBe("sesame\n");
    delete process.env["CITEWELL_TEST_SECRET"];
  });

  it("keeps beginning and end of a long output and says how much is missing", async () => {
    const { output } = await run([["javascript", 'console.log("a" + "x".repeat(500_000) + "z")']], {
      outputLimit: 1_000,
    });
    expect(output.length).toBeLessThan(1_100);
    expect(output).toMatch(/^ax+\n\[499003 characters of output left out\]\nx+z\n$/);
  });

  it("knows a program that is not installed from one that fails", async () => {
    const options = { cwd: workDir, env: {}, timeoutMs: 10_000, onOutput: () => undefined };
    expect(await runProgram(["no-such-program"], options)).toBeNull();
    expect(await runProgram(["/bin/sh", "-c", "exit 127"], options)).toEqual({ exitCode: 127, timedOut: false });
  });

  it("is reached by nobody but the library's users", () => {
    const importers = readSourceFiles(fileURLToPath(new URL("../..", import.meta.url)), ["src", "ingest"])
      .filter(({ imports }) => imports.some((specifier) => specifier.endsWith("/local-executor.ts")))
      .map(({ path }) => path);
    expect(importers).toEqual(["src/index.ts"]);
  });

  it("is refused on Windows, where the code could outlive its time limit", () => {
    expect(() => checkProcessGroups("win32")).toThrow(expect.objectContaining({ code: "not_supported" }));
    expect(() => checkProcessGroups("darwin")).not.toThrow();
  });

  it.each([
    [{ workDir: "" }, /workDir/],
    [{ workDir: "x", timeoutSeconds: 0 }, /timeoutSeconds/],
    [{ workDir: "x", outputLimit: 1 }, /outputLimit/],
  ])("refuses the options %j", (options, message) => {
    expect(() => createLocalExecutor(options)).toThrow(message);
  });
});
