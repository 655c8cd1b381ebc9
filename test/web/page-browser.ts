import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Page } from "playwright-core";
import { build } from "vite";
import { onTestFinished } from "vitest";
import type { UseCases } from "../../src/answering/use-cases.ts";
import type { Answer, AnswerEvent } from "../../src/domain/answer.ts";
import type { Hit } from "../../src/domain/hit.ts";
import { createApp } from "../../src/server/create-app.ts";
import type { ServerApp } from "../../src/server/route-context.ts";
import { startServer } from "../../src/server/start-server.ts";
import { createFakeUseCases } from "../server/fake-use-cases.ts";

const CHROMIUM = "/usr/bin/chromium";
const required = process.env["CITEWELL_REQUIRE_BROWSER"] === "1";

/** Why tests in a browser are left out; empty where they run. */
export const WITHOUT_BROWSER: string = existsSync(CHROMIUM) || required ? "" : ` (skipped: there is no ${CHROMIUM})`;

/** Options of {@link PageBrowser.openPage}. */
export interface OpenPageOptions {
  readonly useCases?: Partial<UseCases>;
  readonly apiKeys?: readonly string[];
  /** Makes what answers the browser from the app, such as a proxy. Default: the app itself. */
  readonly front?: (app: ServerApp) => Pick<ServerApp, "fetch">;
  /** What the browser lets the page do without asking, such as `clipboard-read`. */
  readonly permissions?: readonly string[];
}

/** A browser with the page as it is built from the sources. */
export interface PageBrowser {
  /** A folder for what a test writes. */
  readonly folder: string;
  /** Errors of scripts, and breaches of the page's policy. */
  readonly problems: readonly string[];
  /** Opens the page on a server of its own, until the test is over. */
  openPage(path: string, options?: OpenPageOptions): Promise<Page>;
  close(): Promise<void>;
}

function passedOn(app: ServerApp): ServerApp {
  return app;
}

/** Builds the page and starts a browser. */
export async function openPageBrowser(): Promise<PageBrowser> {
  const folder = await mkdtemp(join(tmpdir(), "citewell-page-"));
  await build({
    configFile: fileURLToPath(new URL("../../src/web/vite.config.ts", import.meta.url)),
    logLevel: "silent",
    build: { outDir: join(folder, "web") },
  });
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const problems: string[] = [];
  return {
    folder,
    problems,
    async openPage(path, { useCases = {}, apiKeys = [], front = passedOn, permissions = [] } = {}) {
      const app = createApp({ useCases: createFakeUseCases(useCases), apiKeys, webFolder: join(folder, "web") });
      const server = await startServer({ app: front(app), host: "127.0.0.1", port: 0 });
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, permissions: [...permissions] });
      // Left open, it would go on drawing and asking beside the tests after it.
      onTestFinished(async () => {
        await page.context().close();
        await server.close();
      });
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("console", (message) => {
        if (/Content.Security.Policy/i.test(message.text())) problems.push(message.text());
      });
      await page.goto(`${server.url}${path}`);
      return page;
    },
    async close() {
      await browser.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Use cases that give one answer to everything. */
export function answering(answer: Answer): Partial<UseCases> {
  return {
    async *answerQuestion(): AsyncGenerator<AnswerEvent, Answer> {
      yield { type: "answer", answer };
      return answer;
    },
  };
}

/** Use cases whose searches find one passage. */
export function searchThatFinds(hit: Hit): Partial<UseCases> {
  return {
    searchCorpus: async ({ query }) => ({
      query,
      collection: "default",
      mode: "hybrid",
      hits: [hit],
      evidence: "good",
      timing: { embedMs: 1, searchMs: 2 },
    }),
  };
}
