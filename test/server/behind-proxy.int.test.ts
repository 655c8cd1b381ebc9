import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer, AnswerEvent } from "../../src/domain/answer.ts";
import { createApp } from "../../src/server/create-app.ts";
import { startServer, type RunningServer } from "../../src/server/start-server.ts";
import { HANDBOOK, readPage } from "../corpora/read-corpus.ts";
import { createFakeUseCases, fakeAnswer, HIT } from "./fake-use-cases.ts";

const page = readPage(HANDBOOK, "deployment.md");
const KEY = "key-one";

/** The blocks of the handbook in one language, in their order. */
function blocksOf(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, text = ""]) => text);
}

function isInstalled(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new TypeError("No port was given.");
  return address.port;
}

/** What a proxy's configuration is made from. */
interface Place {
  readonly folder: string;
  /** Port of the proxy. */
  readonly port: number;
  /** Port of citewell. */
  readonly upstream: number;
}

/** A proxy of the handbook, at the root and below `/citewell/`, and how it is started. */
interface Proxy {
  readonly name: string;
  readonly missing: string;
  readonly configure: (place: Place) => string;
  readonly command: (file: string) => readonly [string, ...string[]];
}

const PROXIES: readonly Proxy[] = [
  {
    name: "nginx",
    missing: isInstalled("nginx", "-v") ? "" : " (skipped: nginx is not installed)",
    configure({ folder, port, upstream }) {
      const [server = "", below = ""] = blocksOf("nginx");
      const both = server.replace(/\}\s*$/, `${below}}`).replace(/^ *ssl_certificate.*$/gm, "");
      const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map((name) => `${name}_temp_path ${folder}/${name};`)
        .join(" ");
      return `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {}
http { access_log off; ${temporary} gzip on; gzip_types *;
${both.replace("listen 443 ssl;", `listen 127.0.0.1:${port};`).replaceAll("127.0.0.1:8080", `127.0.0.1:${upstream}`)} }`;
    },
    command: (file) => ["nginx", "-e", "stderr", "-c", file],
  },
  {
    name: "Caddy",
    missing: isInstalled("caddy", "version") ? "" : " (skipped: Caddy is not installed)",
    configure({ folder, port, upstream }) {
      const [site = "", below = ""] = blocksOf("caddy");
      const inner = below.replace(/^.*\{\n/, "").replace(/\}\s*$/, "");
      const both = site.replace(/\}\s*$/, `${inner}    encode gzip\n}`);
      return `{\n  admin off\n  storage file_system ${folder}\n}\n${both
        .replace("docs.example.com", `http://127.0.0.1:${port}`)
        .replaceAll("127.0.0.1:8080", `127.0.0.1:${upstream}`)}`;
    },
    command: (file) => ["caddy", "run", "--adapter", "caddyfile", "--config", file],
  },
];

describe.each(PROXIES)("behind $name, as the handbook says$missing", ({ missing, configure, command }) => {
  let folder: string;
  let server: RunningServer;
  let proxy: ChildProcess;
  let origin: string;
  /** Ends the answer that has begun. */
  let gate = Promise.withResolvers<void>();

  beforeAll(async () => {
    if (missing !== "") return;
    folder = await mkdtemp(join(tmpdir(), "citewell-proxy-"));
    // nginx works as somebody else where root starts it.
    await chmod(folder, 0o755);
    const useCases = createFakeUseCases({
      async *answerQuestion({ question }): AsyncGenerator<AnswerEvent, Answer> {
        yield { type: "retrieval", query: question, hits: [HIT] };
        await gate.promise;
        yield { type: "answer", answer: fakeAnswer(question) };
        return fakeAnswer(question);
      },
    });
    server = await startServer({ app: createApp({ useCases, apiKeys: [KEY] }), host: "127.0.0.1", port: 0 });
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    await writeFile(join(folder, "config"), configure({ folder, port, upstream: server.port }));
    const [program, ...args] = command(join(folder, "config"));
    proxy = spawn(program, args, { stdio: "ignore", env: { ...process.env, HOME: folder } });
    while (
      !(await fetch(`${origin}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      ))
    )
      await sleep(50);
  });

  afterAll(async () => {
    if (missing !== "") return;
    proxy.kill("SIGTERM");
    await once(proxy, "exit");
    await server.close();
    await rm(folder, { recursive: true });
  });

  it.skipIf(missing !== "").each(["", "/citewell"])("passes everything on at %s/", async (path) => {
    const headers = { authorization: `Bearer ${KEY}`, origin, "content-type": "application/json" };
    expect((await fetch(`${origin}${path}/docs`)).status).toBe(200);
    expect((await fetch(`${origin}${path}/v1/collections`)).status).toBe(401);

    const form = new FormData();
    form.append("files", new File(["x".repeat(5_000_000)], "large.md"));
    const upload = await fetch(`${origin}${path}/v1/documents`, {
      method: "POST",
      headers: { authorization: headers.authorization },
      body: form,
    });
    expect(upload.status).toBe(202);

    gate = Promise.withResolvers();
    const body = JSON.stringify({ question: "How?", stream: true });
    const reply = await fetch(`${origin}${path}/v1/answers`, { method: "POST", headers, body });
    const reader = reply.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    // Comes through before the answer is there, which waits for the gate.
    while (!text.includes("event: retrieval")) text += (await reader?.read())?.value ?? "";
    expect(text).not.toContain("event: answer");
    gate.resolve();
    for (let step = await reader?.read(); step?.done === false; step = await reader?.read()) text += step.value;
    expect(text).toContain("event: answer");
  });

  it.skipIf(missing !== "")("leads from the path without a slash to the page", async () => {
    const reply = await fetch(`${origin}/citewell`, { redirect: "manual" });
    expect(new URL(reply.headers.get("location") ?? "", origin).pathname).toBe("/citewell/");
  });
});

const withoutSystemd = isInstalled("systemd-analyze", "--version") ? "" : " (skipped: there is no systemd-analyze)";

it.skipIf(withoutSystemd !== "")(`the handbook's unit is one that systemd takes${withoutSystemd}`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "citewell-unit-"));
  const file = join(folder, "citewell.service");
  const [unit = ""] = blocksOf("ini");
  // It also looks whether the program is there.
  await writeFile(file, unit.replace("/usr/local/bin/citewell", process.execPath));
  expect(execFileSync("systemd-analyze", ["verify", file], { encoding: "utf8", stdio: "pipe" })).toBe("");
  await rm(folder, { recursive: true });
});
