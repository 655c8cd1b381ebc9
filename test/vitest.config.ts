import { availableParallelism } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { silenceRuntime } from "../src/embedding/silence-runtime.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

// Tests may run in threads, whose environment the runtime does not see.
silenceRuntime();

// Workers, and the threads and processes that tests start, load the same sources again and again.
process.env["NODE_COMPILE_CACHE"] ??= path.join(root, "node_modules/.cache/compiled");

/** Files that take longest, by whole processes that they start. Begun last, they would keep one core waiting. */
const LONGEST = [
  "mcp/inspector",
  "ingest/killed-ingestion",
  "web/web-page-states",
  "web/web-page",
  "mcp/serve-mcp",
].map((name) => path.join(root, `test/${name}.test.ts`));

/** Begins with the longest files also where no run before has measured them. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => LONGEST.includes(path.normalize(moduleId));
    // eslint-disable-next-line unicorn/no-array-sort -- not that of arrays
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const config: ViteUserConfig = defineConfig({
  root,
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // How long to wait for a state at most; a second is too short for a page beside other work.
    expect: { poll: { timeout: 30_000 } },
    // By default one core less, which on two cores is half of them.
    maxWorkers: availableParallelism(),
    // A worker runs many files: to start one for each and to load the sources anew took half of the time. So a test
    // gives back what it changed of the process.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["test/**/*.test.ts"], exclude: ["test/**/*.int.test.ts"] },
      },
      { extends: true, test: { name: "integration", include: ["test/**/*.int.test.ts"], testTimeout: 180_000 } },
    ],
  },
});

export default config;
