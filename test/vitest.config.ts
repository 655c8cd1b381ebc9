import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { silenceRuntime } from "../src/embedding/silence-runtime.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

// Tests may run in threads, whose environment the runtime does not see.
silenceRuntime();

const config: ViteUserConfig = defineConfig({
  root,
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
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
