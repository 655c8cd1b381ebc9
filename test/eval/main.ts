import { parseArgs } from "node:util";
import { withWorkspace, type EvalArguments, type EvalPart } from "./eval-workspace.ts";
import { listSets, measureSets } from "./measure-sets.ts";

/**
 * Parts with a name of their own, one file each; `npm run eval -- <part>` runs one. Any other name is an evaluation
 * set's, and without a name all sets are measured.
 */
const PARTS: Readonly<Record<string, () => Promise<EvalPart>>> = {
  ablation: async () => (await import("./ablation.ts")).measureAblation,
  "code-reading": async () => (await import("./code-reading.ts")).measureCodeReading,
  extractive: async () => (await import("./extractive.ts")).measureExtractive,
  "follow-ups": async () => (await import("./follow-ups.ts")).measureFollowUps,
  "code-task": async () => (await import("./code-task.ts")).measureCodeTask,
  typos: async () => (await import("./typos.ts")).measureTypos,
  loop: async () => (await import("./interactive-loop.ts")).measureLoop,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    compare: { type: "boolean", default: false },
    "update-baseline": { type: "boolean", default: false },
    /** The code that the tasks of the set `code` are about, laid out as a folder. */
    "code-folder": { type: "string" },
    /** Another embedding model: a folder, or a name as `CITEWELL_EMBEDDING_MODEL` takes it. */
    "embedding-model": { type: "string" },
    /** Folder for reports. */
    output: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});

const [first = "", ...others] = positionals;
const load = PARTS[first];
const options: EvalArguments = {
  names: load === undefined ? positionals : others,
  compare: values.compare,
  updateBaseline: values["update-baseline"],
  codeFolder: values["code-folder"],
  output: values.output,
};
const sets = listSets(options).map(({ name }) => name);
if (values.help) {
  console.log(`npm run eval -- [name …] [--compare | --update-baseline] [--embedding-model MODEL] [--code-folder FOLDER] [--output FOLDER]

Without a name, all sets: ${sets.join(", ")}. Other parts, one at a time: ${Object.keys(PARTS).join(", ")}. --compare and --update-baseline take the handbook.`);
  process.exit();
}
const unknown = load === undefined ? positionals.filter((name) => !sets.some((set) => set.startsWith(name))) : [];
if (unknown.length > 0) {
  console.error(
    `There is nothing to measure called ${unknown.join(", ")}; there are ${[...sets, ...Object.keys(PARTS)].join(", ")}.`,
  );
  process.exit(2);
}
const run = load === undefined ? measureSets : await load();
await withWorkspace(values["embedding-model"], async (workspace) => run(workspace, options));
