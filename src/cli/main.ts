#!/usr/bin/env node
import { checkNodeVersion } from "./node-version.ts";

const problem = checkNodeVersion(process.versions.node);
if (problem === undefined) {
  // Loaded after the check: an old Node.js would fail on these imports before it could say why.
  const { keepCompiled } = await import("./compile-cache.ts");
  keepCompiled(process.env);
  const { runProcess } = await import("./run-process.ts");
  await runProcess();
} else {
  process.stderr.write(`citewell: ${problem}\n`);
  process.exitCode = 1;
}
