import { expect, it } from "vitest";
import type { StartHttp } from "../../../src/cli/program-parts.ts";
import type { UseCases } from "../../../src/answering/use-cases.ts";
import type { Config } from "../../../src/config.ts";
import { CitewellError } from "../../../src/errors.ts";
import { createReport, runProgram } from "../run-program.ts";

function serving() {
  const controller = new AbortController();
  const log: string[] = [];
  let config: Config | undefined;
  const startHttp: StartHttp = async (_, given) => {
    config = given;
    log.push("listen");
    return { url: "http://127.0.0.1:8080", close: async () => void log.push("close") };
  };
  const stop = (name: string): void => controller.abort(new DOMException(name, "AbortError"));
  return { log, startHttp, stop, signal: controller.signal, config: () => config };
}

it("serve listens first, then brings collections in step, and closes when it is stopped", async () => {
  const server = serving();
  const ingestRoots: UseCases["ingestRoots"] = async function* ({ collection, roots }) {
    server.log.push(`${collection}: ${roots.join(" ")}`);
    if (collection === "broken") throw new CitewellError("path_not_found", "There is no such path.");
    if (collection === "code") server.stop("SIGINT");
    const made = createReport({ collection });
    const documents = { ...made.documents, skipped: 3 };
    const report = { ...made, documents, chunks: { ...made.chunks, total: 1 } };
    yield { type: "ingest-end", report };
    return report;
  };
  const flags = ["docs", "broken=nowhere", "code=src", "code=ingest"].flatMap((root) => ["--ingest", root]);
  const run = await runProgram(["serve", "--port", "0", ...flags], { ...server, useCases: { ingestRoots } });
  expect(server.log).toEqual(["listen", "default: docs", "broken: nowhere", "code: src ingest", "close"]);
  expect(server.config()).toMatchObject({ host: "127.0.0.1", port: 0 });
  expect(run).toMatchObject({ exitCode: 130, stdout: "", closed: 1 });
  expect(run.stderr).toContain("citewell: serving on http://127.0.0.1:8080");
  expect(run.stderr).toContain(
    'collection "default" is in step: 2 added, 1 changed, 0 removed, 0 failed, 3 skipped; 1 chunk\n',
  );
  expect(run.stderr).toContain('collection "broken" could not be brought in step: There is no such path.');
});

it("serve re-indexes what an older version made, and waits for another server that does so", async () => {
  const server = serving();
  const asked: unknown[] = [];
  const ingestRoots: UseCases["ingestRoots"] = async function* ({ collection, upgrade, force }) {
    asked.push({ upgrade, force });
    if (asked.length === 1) throw new CitewellError("collection_busy", "Another server is at it.");
    yield { type: "reindex-start", collection, differences: ["chunker version 2, now 3"], isAnswering: true };
    yield { type: "reindex-start", collection, differences: ["analyser version 1, now 2"], isAnswering: false };
    server.stop("SIGTERM");
    return createReport({ collection });
  };
  const run = await runProgram(["serve", "--ingest", "docs"], { ...server, useCases: { ingestRoots } });
  expect(asked).toEqual([{ upgrade: true }, { upgrade: true }]);
  expect(run.stderr).toContain(
    'citewell: re-indexing collection "default" (chunker version 2, now 3); the old one answers until it is done\n',
  );
  expect(run.stderr).toContain("(analyser version 1, now 2); searches in it are refused until that is done\n");
  expect(run.stderr).not.toContain("Another server is at it.");
});

it("serve prints where it listens as JSON, and ends with 0 on SIGTERM", async () => {
  const server = serving();
  const startHttp: StartHttp = async (useCases, config) => {
    setImmediate(() => server.stop("SIGTERM"));
    return server.startHttp(useCases, config);
  };
  const run = await runProgram(["serve", "--json"], { ...server, startHttp });
  expect(run).toMatchObject({ exitCode: 0, stdout: '{"url":"http://127.0.0.1:8080"}\n' });
});

it("serve ends with the reason when the server may not start", async () => {
  const startHttp: StartHttp = async () => {
    throw new CitewellError("config_invalid", "Port 8080 is in use.");
  };
  const run = await runProgram(["serve"], { startHttp });
  expect(run).toMatchObject({ exitCode: 2, stderr: "citewell: Port 8080 is in use.\n", closed: 1 });
});

it("serve --watch keeps its collections in step, and goes on serving when one cannot be", async () => {
  const server = serving();
  const watchRoots: UseCases["watchRoots"] = async function* ({ collection, roots, signal }) {
    server.log.push(`${collection}: ${roots.join(" ")}`);
    if (collection === "broken") throw new CitewellError("path_not_found", "There is no such path.");
    yield { type: "pass-end", report: createReport({ collection }) };
    server.stop("SIGINT");
    throw signal?.reason;
  };
  const flags = ["--ingest", "broken=nowhere", "--ingest", "docs", "--watch"];
  const run = await runProgram(["serve", ...flags], { ...server, useCases: { watchRoots } });
  expect(server.log).toEqual(["listen", "broken: nowhere", "default: docs", "close"]);
  expect(run).toMatchObject({ exitCode: 130, stdout: "", closed: 1 });
  expect(run.stderr).toContain("default: 2 added, 1 changed, 0 removed, 0 failed; 12 chunks embedded");
  expect(run.stderr).toContain('collection "broken" is no longer watched: There is no such path.');
});

it("serve refuses --watch without --ingest", async () => {
  const run = await runProgram(["serve", "--watch"], serving());
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toMatch(/--watch belongs to --ingest/);
});

it("serve does not listen where the settings of the models do not fit together", async () => {
  const server = serving();
  const modelNames: UseCases["modelNames"] = async () => {
    throw new CitewellError("config_invalid", "OPENAI_MODEL is set, but nothing says where it runs.");
  };
  const run = await runProgram(["serve"], { ...server, useCases: { modelNames } });
  expect(run).toMatchObject({ exitCode: 2, closed: 1 });
  expect(server.log).toEqual([]);
});
