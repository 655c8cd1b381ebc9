import { InvalidArgumentError, Option, type Command } from "commander";
import { addEvalCommand } from "./add-eval-command.ts";
import { addHelpCommand } from "./add-help-command.ts";
import { usual } from "./usual-value.ts";
import type { RunCommand, StartHttp } from "./program-parts.ts";
import type { AskFlags } from "./commands/ask-command.ts";
import { collectMetadata } from "./commands/collect-metadata.ts";
import type { IngestFlags } from "./commands/ingest-command.ts";
import type { McpFlags } from "./commands/mcp-command.ts";
import type { SearchFlags } from "./commands/search-command.ts";
import { typedGlob } from "./typed-glob.ts";

const SEARCH_AS_IS = 'read nothing in the words: no filter such as "in the API docs", no parts, no misspelt words';
const AS_IS = `${SEARCH_AS_IS}, no conversation`;
const SOURCE = "only sources that match; repeatable";
const LANGUAGE = "only sources in this language; repeatable";
const META = "only documents with this in their metadata; repeatable";

/** What the commands need from outside. */
export interface CommandParts {
  readonly runCommand: RunCommand;
  readonly startHttp: StartHttp;
}

/**
 * Adds every command. Each one's own module is loaded when it runs, so that `--help` and `--version` come at once.
 */
export function addCommands(program: Command, parts: CommandParts): void {
  addIngest(program, parts);
  addAsk(program, parts);
  addSearch(program, parts);
  addChat(program, parts);
  addServe(program, parts);
  addMcp(program, parts);
  addUpkeep(program, parts);
  addEvalCommand(program, parts.runCommand);
  addHelpCommand(program);
  program.addHelpText(
    "after",
    `
Examples:
  citewell ingest docs "notes/**/*.md"
  citewell ingest https://example.com/docs/ --crawl 2
  citewell ask "How do I rotate the keys?"
  citewell search "retry limit" --source "guide/**" --json
  citewell serve --ingest docs --ingest code=src

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some files failed, 4 store or model out of reach,
5 worse than the baseline, 130 interrupted, 143 stopped by SIGTERM.`,
  );
}

function addIngest(program: Command, { runCommand }: CommandParts): void {
  program
    .command("ingest")
    .summary("bring a collection in step with folders, files and web pages")
    .description("Makes the collection mirror the roots: adds, re-embeds what changed, removes what is gone.")
    .argument("[path...]", "folders, files, globs or web addresses; none with --force to re-index what is stored")
    .option("--chunker <name>", `sentences, recursive, token, markdown or autogen ${usual("chunker")}`)
    .option("--chunk-tokens <n>", `largest chunk in tokens of the embedding model ${usual("chunkTokens")}`)
    .option("--chunk-overlap <n>", `tokens that neighbouring chunks share ${usual("chunkOverlap")}`)
    .option("--include <glob>", "take only matching sources; repeatable", collectGlob)
    .option("--exclude <glob>", "leave out matching sources; repeatable", collectGlob)
    .option("--allow-secrets", "keep passwords, keys and tokens in the texts instead of redacting them")
    .option("--shard <i/n>", "take the i-th of n parts only, so that n machines share the work", parseShard)
    .option("--no-cache", "embed every new chunk, also where its vector is remembered from another collection")
    .option("--dry-run", "print what would be done and an estimate of the time, and store nothing")
    .option("--force", "go through with a large removal, or re-index after a change of settings")
    .option("--reread", "read unchanged files again too, after an upgrade that reads more in them")
    .option("--no-delete", "keep documents whose sources are gone")
    .option("--words-first", "make all new files searchable by their words before any of them is embedded")
    .option("--watch", "keep the collection in step until Ctrl-C")
    .option(
      "--crawl <n>",
      "follow links of web pages so many levels deep, 0 to 20 (default: 0); fewer than before removes nothing",
      wholeNumber(0, 20),
    )
    .option("--allow-private-addresses", "fetch pages of this machine and of private networks too")
    .action(async (roots: string[], flags: IngestFlags, command: Command) => {
      if (roots.length === 0 && (flags.force !== true || flags.watch === true)) {
        command.error("error: missing required argument 'path'", { code: "commander.missingArgument" });
      }
      const { ingestSettings, runIngest } = await import("./commands/ingest-command.ts");
      await runCommand((context) => runIngest(context, { roots, flags }), ingestSettings(flags));
    });
}

/** Adds what `ask` and `chat` share. */
function withAnswerOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--task <task>",
        "qa: an answer; code: code, and the places to change; default: the model decides (default: qa)",
      ).choices(["qa", "code", "default"]),
    )
    .option("--limit <n>", "passages a round adds at most, 1 to 50 (default: 5)", wholeNumber(1, 50))
    .option("--max-rounds <n>", "requests to the model at most, 1 to 20 (default: 4)", wholeNumber(1, 20))
    .option("--model <name>", "a configured model; `extractive` for the built-in one")
    .option("--source <glob>", SOURCE, collectGlob)
    .option("--language <name>", LANGUAGE, collectLanguage)
    .option("--meta <key=value>", META, collectMetadata)
    .option("--as-is", AS_IS);
}

function addAsk(program: Command, { runCommand }: CommandParts): void {
  withAnswerOptions(program.command("ask"))
    .summary("answer a question with citations")
    .description("Answers a question from the collection, with checked citations of the lines it stands on.")
    .argument("[question...]", "the question; without one, standard input is read")
    .option("--stream", "print the answer while it is written")
    .option("--explain", "print how the question was read, rounds, searches and scores too")
    .action(async (words: string[], flags: AskFlags) => {
      const { runAsk } = await import("./commands/ask-command.ts");
      await runCommand((context) => runAsk(context, { question: words.join(" "), flags }));
    });
}

function addSearch(program: Command, { runCommand }: CommandParts): void {
  program
    .command("search")
    .summary("ranked passages for a query, without a model")
    .description("Finds the passages that fit a query best. No language model is used.")
    .argument("[query...]", "what to look for; without one, standard input is read")
    .option(
      "--limit <n>",
      "passages at most, 1 to 100 (default: 5), or files with --code or --files (default: 10)",
      wholeNumber(1, 100),
    )
    .option("--no-stop", "always give `--limit` single chunks, however weak")
    .option("--source <glob>", SOURCE, collectGlob)
    .option("--language <name>", LANGUAGE, collectLanguage)
    .option("--meta <key=value>", META, collectMetadata)
    .addOption(new Option("--mode <mode>", "how to rank (default: hybrid)").choices(["hybrid", "dense", "lexical"]))
    .option("--also <words>", "search for this too, and join what is found; repeatable", collect)
    .option("--as-is", SEARCH_AS_IS)
    .option("--code", "the query is a task in words: files and symbols to read or change for it")
    .option("--tests", "with --code, rank tests with the code that they test")
    .option("--files", "only the files, each once, best first")
    .option("--explain", "print what was searched for, the scores of every candidate and what was cut")
    .option("--queries <file>", "one query a line, or JSONL with `query` and optional `id`; `-` is standard input")
    .action(async (words: string[], flags: SearchFlags) => {
      const { runSearch } = await import("./commands/search-command.ts");
      await runCommand((context) => runSearch(context, { query: words.join(" "), flags }));
    });
}

function addChat(program: Command, { runCommand }: CommandParts): void {
  withAnswerOptions(program.command("chat"))
    .summary("a conversation in the terminal")
    .description("Asks and answers until `exit` or the end of the input; each answer knows the ones before.")
    .action(async (flags: AskFlags) => {
      const { runChat } = await import("./commands/chat-command.ts");
      await runCommand((context) => runChat(context, flags));
    });
}

function addServe(program: Command, { runCommand, startHttp }: CommandParts): void {
  program
    .command("serve")
    .summary("the HTTP interface and the web page")
    .description("Serves the HTTP interface and the web page until it is stopped.")
    .option("--host <address>", `address to listen on ${usual("host")}; any other needs API keys`)
    .option("--port <n>", `port to listen on, 0 for a free one ${usual("port")}`)
    .option("--ingest <[collection=]path>", "bring a collection in step while serving; repeatable", collect)
    .option("--watch", "keep what --ingest names in step as long as it serves")
    .action(async (flags: { host?: string; port?: string; ingest?: string[]; watch?: boolean }) => {
      const { runServe } = await import("./commands/serve-command.ts");
      const { host, port, ingest = [], watch = false } = flags;
      await runCommand((context) => runServe(context, { startHttp, ingest, watch }), { host, port });
    });
}

function addMcp(program: Command, { runCommand }: CommandParts): void {
  program
    .command("mcp")
    .summary("an MCP server on standard input and output")
    .description("Serves MCP to a coding agent or an editor, on standard input and output, until it goes away.")
    .option("--no-refresh", "do not bring the index in step with changed files on each call")
    .action(async (flags: McpFlags) => {
      const { runMcp } = await import("./commands/mcp-command.ts");
      // Editors start it wherever the open file or their terminal is.
      await runCommand((context) => runMcp(context, flags), {}, { inProject: true });
    });
}

function addUpkeep(program: Command, { runCommand }: CommandParts): void {
  program
    .command("status")
    .summary("what is stored, and how fresh it is")
    .description("Lists the collections with their documents, chunks and newest ingestion.")
    .action(async () => {
      const { runStatus } = await import("./commands/status-command.ts");
      await runCommand(runStatus);
    });
  program
    .command("remove")
    .summary("delete documents from a collection")
    .description("Deletes the documents whose source equals or matches one of the arguments.")
    .argument("<source...>", "sources or globs", collectGlob)
    .action(async (sources: readonly string[]) => {
      const { runRemove } = await import("./commands/remove-command.ts");
      await runCommand((context) => runRemove(context, sources));
    });
  program
    .command("doctor")
    .summary("check every part and name what fails")
    .description("Checks every part, and prints the effective settings with where each came from.")
    .action(async () => {
      const { runDoctor } = await import("./commands/doctor-command.ts");
      await runCommand(runDoctor);
    });
}

function parseShard(value: string): { readonly index: number; readonly count: number } {
  const [index = 0, count = 0] = (/^\d{1,4}\/\d{1,4}$/.exec(value)?.[0] ?? "").split("/").map(Number);
  if (index < 1 || index > count) throw new InvalidArgumentError("Such as 2/4 is needed: the second of four parts.");
  return { index, count };
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

function collectLanguage(value: string, previous: readonly string[] = []): readonly string[] {
  if (value.trim() === "") throw new InvalidArgumentError("The name of a language is needed, such as python.");
  return collect(value, previous);
}

function collectGlob(value: string, previous: readonly string[] = []): readonly string[] {
  return collect(typedGlob(value), previous);
}

function wholeNumber(from: number, to: number): (value: string) => number {
  return (value) => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= from && number <= to) return number;
    throw new InvalidArgumentError(`A whole number from ${from} to ${to} is needed.`);
  };
}
