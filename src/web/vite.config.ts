import { fileURLToPath } from "node:url";
import { defineConfig, type UserConfig } from "vite";

const address = "http://127.0.0.1:8080";
// The server takes forms of its own page only.
const api = { target: address, changeOrigin: true, headers: { origin: address } };

const config: UserConfig = defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  // A proxy may serve the page below any path.
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: fileURLToPath(new URL("../../dist/web", import.meta.url)),
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    target: "es2023",
  },
  // `npx vite --config src/web/vite.config.ts` beside a running `citewell serve`.
  server: { proxy: { "/v1": api, "/docs": api, "/openapi.json": api } },
});

export default config;
