import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkNodeVersion } from "../../src/cli/node-version.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
let cwd = "";

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "citewell-main-"));
});
afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

function start(
  args: readonly string[],
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((done) => {
    const child = execFile(process.execPath, [MAIN, ...args], { cwd }, (_, stdout, stderr) => {
      done({ code: child.exitCode ?? -1, stdout, stderr });
    });
    child.stdin?.end();
  });
}

describe("the process", () => {
  it("prints the version", async () => {
    expect(await start(["--version"])).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: "",
    });
  });

  it("keeps what was compiled in the cache folder, and starts where there is none", async () => {
    const { NODE_COMPILE_CACHE: _, HOME: __, XDG_CACHE_HOME: ___, ...env } = process.env;
    const version = async (more: NodeJS.ProcessEnv): Promise<string> => {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [MAIN, "--version"], {
        cwd,
        env: { ...env, ...more },
      });
      return stdout + stderr;
    };
    expect(await version({ CITEWELL_CACHE: join(cwd, "cache") })).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(readdirSync(join(cwd, "cache", "compiled"))).toHaveLength(1);
    expect(await version({ HOME: "" })).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await version({ HOME: "/dev/null" })).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("refuses an unknown command", async () => {
    expect(await start(["serch"])).toEqual({
      code: 2,
      stdout: "",
      stderr: "citewell: Unknown command 'serch'. Did you mean search?\n",
    });
  });

  it("asks for a question when standard input is empty", async () => {
    expect(await start(["ask"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/question is missing/),
    });
  });

  it("ends quietly when nobody reads its output", async () => {
    const child = spawn(process.execPath, [MAIN, "--help"], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (part: Buffer) => (stderr += part.toString()));
    child.stdout.destroy();
    const [code]: unknown[] = await once(child, "close");
    expect([code, stderr]).toEqual([0, ""]);
  });

  it.skipIf(process.platform === "win32").each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("does not wait for a request after a second %s", async (signal, exitCode) => {
    const args = [MAIN, "serve", "--json", "--port", "0", "--data", join(cwd, "data")];
    const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "ignore"] });
    const [line]: unknown[] = await once(child.stdout, "data");
    const { url } = JSON.parse(String(line));
    const socket = connect(Number(new URL(url).port), "127.0.0.1").on("error", () => {});
    socket.write("POST /v1/search HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
    await once(socket, "data");
    const again = setInterval(() => child.kill(signal), 50);
    const [code]: unknown[] = await once(child, "exit");
    clearInterval(again);
    expect(code).toBe(exitCode);
  });
});

describe.skipIf(process.platform !== "linux")("the process, writing to a full disk", () => {
  const shell = (line: string): Promise<{ readonly code: number; readonly stderr: string }> =>
    new Promise((done) => {
      const child = execFile("/bin/sh", ["-c", line, process.execPath, MAIN], { cwd }, (_, __, stderr) => {
        done({ code: child.exitCode ?? -1, stderr });
      });
    });

  it("fails with a sentence", async () => {
    const { code, stderr } = await shell('"$0" "$1" --help > /dev/full');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^citewell: The output cannot be written: ENOSPC/);
  });

  it("goes on where only what it tells beside the data is lost", async () => {
    expect(await shell('"$0" "$1" serch 2> /dev/full')).toEqual({ code: 2, stderr: "" });
  });
});

describe("checkNodeVersion", () => {
  it.each(["22.18.0", "22.19.1", "24.0.0"])("accepts %s", (version) => {
    expect(checkNodeVersion(version)).toBeUndefined();
  });

  it.each(["20.11.1", "22.17.9"])("refuses %s with what to do", (version) => {
    expect(checkNodeVersion(version)).toMatch(/Node\.js 22\.18 or newer is needed/);
  });
});
