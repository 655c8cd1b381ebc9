import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { SETTINGS, settingsSchema } from "../../src/config/config-schema.ts";
import { createApp } from "../../src/server/create-app.ts";
import { MAX_QUESTION_LENGTH } from "../../src/answering/use-cases.ts";
import { BM25_B, BM25_K1, FIELD_WEIGHTS } from "../../src/lexical/term-weights.ts";
import { DEFAULT_LIMIT, STOP_RATIO } from "../../src/retrieval/create-retriever.ts";
import { EVIDENCE_LIMITS, EVIDENCE_WEIGHTS, evidenceByChance } from "../../src/retrieval/evidence.ts";
import { SCORE_WEIGHTS } from "../../src/retrieval/score-candidates.ts";
import { HTTP_STATUS } from "../../src/server/error-response.ts";
import { fakeUseCases, runProgram } from "../cli/run-program.ts";
import { HANDBOOK, readPage, readPages } from "./read-corpus.ts";

const pages = readPages(HANDBOOK);

/** Pages elsewhere that lead into the handbook, named from its folder. */
const OTHER_PAGES = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "src/README.md"].map((name) => {
  const source = join("../../..", name);
  return { source, text: readFileSync(join(HANDBOOK, "documents", source), "utf8") };
});

/** The anchors that a page's headings have on GitHub. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = text.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/^#+ (.*)$/gm);
  const slugs = Array.from(headings, ([, heading = ""]) => heading.toLowerCase().replaceAll(/[^\p{L}\p{N}_ -]/gu, ""));
  return new Set(slugs.map((slug) => slug.replaceAll(" ", "-")));
}

/** The part of a page under a heading, up to the next one of the same level. */
function sectionOf(text: string, heading: string): string {
  const start = text.indexOf(`\n## ${heading}\n`);
  if (start === -1) throw new RangeError(`There is no section "${heading}".`);
  const end = text.indexOf("\n## ", start + 1);
  return text.slice(start, end === -1 ? undefined : end);
}

async function helpOf(...args: readonly string[]): Promise<string> {
  return (await runProgram([...args, "--help"])).stdout;
}

function flagsOf(help: string): string[] {
  return [...new Set([...help.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag = ""]) => flag))];
}

describe("the handbook's pages", () => {
  it.each(pages)("$source has one title of its own", ({ text }) => {
    const prose = text.replaceAll(/^```[\s\S]*?^```/gm, "");
    expect(prose.match(/^# .+$/gm)).toHaveLength(1);
    expect(text.startsWith("# ")).toBe(true);
  });

  it.each([...pages, ...OTHER_PAGES])("$source has links that lead somewhere", ({ source, text }) => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
    const lost = links
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path = "", anchor] = link.split("#");
        const file = path === "" ? source : join(dirname(source), path);
        const target = join(HANDBOOK, "documents", file);
        return !existsSync(target) || (anchor !== undefined && !anchorsOf(readFileSync(target, "utf8")).has(anchor));
      });
    expect(lost).toEqual([]);
  });
});

describe("the page of commands", () => {
  const page = readPage(HANDBOOK, "commands.md");

  it("lists every command and global flag", async () => {
    const help = await helpOf();
    const commands = [...help.matchAll(/^ {2}([a-z]+)(?: |$)/gm)]
      .map(([, name = ""]) => name)
      .filter((name) => name !== "help" && name !== "citewell");
    expect(commands.length).toBeGreaterThanOrEqual(8);
    expect(commands.filter((name) => !page.includes(`\n## ${name}\n`))).toEqual([]);
    const section = sectionOf(page, "Flags of every command");
    expect(flagsOf(help).filter((flag) => !section.includes(`${flag} `) && !section.includes(`${flag}\``))).toEqual([]);
  });

  it.each(["ingest", "ask", "search", "chat", "serve", "mcp", "status", "remove", "doctor"])(
    "shows every flag of %s, and none that it does not have",
    async (command) => {
      const general = new Set(flagsOf(await helpOf()));
      const own = flagsOf(await helpOf(command)).filter((flag) => !general.has(flag));
      const section = sectionOf(page, command);
      expect(own.filter((flag) => !section.includes(`\`${flag}`))).toEqual([]);
      const shown = [...section.matchAll(/^- `(--[a-z-]+)/gm)].map(([, flag = ""]) => flag);
      expect(shown.filter((flag) => !own.includes(flag))).toEqual([]);
    },
  );
});

describe("the page of settings", () => {
  const rows = new Map(
    [...readPage(HANDBOOK, "settings.md").matchAll(/^\| `\w+` \|.*$/gm)].map(([row]) => {
      const [, name = "", flag = "", variables = "", fallback = ""] = row.split("|").map((cell) => cell.trim());
      return [name.replaceAll("`", ""), { flag, variables, fallback }];
    }),
  );

  it("has a row for each setting and no other", () => {
    expect([...rows.keys()].toSorted()).toEqual(Object.keys(SETTINGS).toSorted());
  });

  it.each(Object.entries(SETTINGS))("names the flag and the variables of %s", (name, { flag, variables }) => {
    const row = rows.get(name);
    expect(row?.flag).toBe(flag === undefined ? "" : `\`${flag}\``);
    expect(row?.variables).toBe(variables.map((variable) => `\`${variable}\``).join(", "));
  });

  it("gives the true defaults", () => {
    const defaults = Object.entries<unknown>({ ...settingsSchema.parse({}) });
    const plain = defaults.filter(([, value]) => typeof value === "string" || typeof value === "number");
    expect(plain.length).toBeGreaterThan(8);
    const wrong = plain.filter(([name, value]) => {
      const shown = rows.get(name)?.fallback.replaceAll("`", "") ?? "";
      return shown !== String(value) && !shown.startsWith(`${String(value)} `);
    });
    expect(wrong).toEqual([]);
  });
});

describe("the page of the HTTP interface", () => {
  it("shows every route of the OpenAPI document", async () => {
    const app = createApp({ useCases: fakeUseCases({}), apiKeys: [] });
    const reply = await app.request("http://127.0.0.1/openapi.json");
    const { paths }: { paths: Record<string, Record<string, unknown>> } = JSON.parse(await reply.text());
    const headings = [...readPage(HANDBOOK, "http.md").matchAll(/^## (.*)$/gm)].map(([, heading = ""]) => heading);
    const missing = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .map((method) => method.toUpperCase())
        .filter((method) => !headings.some((heading) => heading.includes(method) && hasPath(heading, path)))
        .map((method) => `${method} ${path}`),
    );
    expect(Object.keys(paths).length).toBeGreaterThan(8);
    expect(missing).toEqual([]);
  });

  function hasPath(heading: string, path: string): boolean {
    return heading.split(/[\s,]+/).includes(path);
  }
});

describe("the page of troubleshooting", () => {
  const page = readPage(HANDBOOK, "troubleshooting.md");
  const rows = new Map(
    [...page.matchAll(/^\| `(\w+)` \| (\d+) \| (\d+) \|/gm)].map(([, code = "", status, exit]) => [
      code,
      { status: Number(status), exit: Number(exit) },
    ]),
  );

  it("has a row for each error code, with its HTTP status and exit code", () => {
    const statuses: Readonly<Record<string, number>> = HTTP_STATUS;
    const expected = Object.entries(EXIT_CODES).map(
      ([code, exit]) => [code, { status: statuses[code], exit }] as const,
    );
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(expected));
  });

  it("names the codes that only HTTP has", () => {
    const missing = Object.entries(HTTP_STATUS).filter(
      ([code, status]) => !Object.hasOwn(EXIT_CODES, code) && !page.includes(`\`${code}\` (${String(status)})`),
    );
    expect(missing).toEqual([]);
  });
});

describe("the pages on retrieval", () => {
  const searching = readPage(HANDBOOK, "searching.md");
  const { lexical, sentence, dense } = SCORE_WEIGHTS.hybrid;

  it("give the true weights", () => {
    expect(searching).toContain(`S = ${lexical} B + ${sentence} V + ${dense} D`);
    const { neighbour, title, heading, path } = FIELD_WEIGHTS;
    expect(searching).toContain(
      `Words of the neighbouring chunks count ${neighbour}, words of the title ${title}, words of headings and symbol ${heading}, and words of the path ${path}`,
    );
    const evidence = EVIDENCE_WEIGHTS.hybrid;
    expect(searching).toContain(`Evidence is judged from ${evidence.lexical} B + ${evidence.dense} D`);
    expect(readPage(HANDBOOK, "how-it-works.md")).toContain(`k1 = ${BM25_K1} and b = ${BM25_B}`);
  });

  it("give the true stand-in for a vector that is missing", () => {
    const { hybrid, lexical: words } = EVIDENCE_LIMITS;
    const { lexical: share, dense: weight } = EVIDENCE_WEIGHTS.hybrid;
    const [low, high] = [(hybrid[0] - share * words[0]) / weight, (hybrid[1] - share * words[1]) / weight];
    const slope = (high - low) / (words[1] - words[0]);
    const offset = (slope * words[0] - low).toFixed(2);
    expect(readPage(HANDBOOK, "how-it-works.md")).toContain(`Its D is taken to be ${slope.toFixed(2)} B − ${offset}`);
  });

  it("give the true limits", () => {
    const { hybrid, dense: vector, lexical: words } = EVIDENCE_LIMITS;
    expect(searching).toContain(`Below ${hybrid[0].toFixed(2)} it is \`none\``);
    expect(searching).toContain(`up to ${hybrid[1].toFixed(2)} it is \`weak\``);
    expect(searching).toContain(
      `\`dense\` is weak below ${vector[1].toFixed(2)} and none below ${vector[0].toFixed(2)}`,
    );
    expect(searching).toContain(`\`lexical\` is weak below ${words[1]} and none below ${words[0]}`);
    const more = (mode: "hybrid" | "lexical"): readonly string[] =>
      [10_000, 100_000].map((chunks) => evidenceByChance(chunks, mode).toFixed(2));
    const [ten, hundred] = more("hybrid");
    expect(searching).toContain(`${ten} more in ten thousand, ${hundred} more in a hundred thousand`);
    expect(readPage(HANDBOOK, "how-it-works.md")).toContain(
      `by ${ten} in ten thousand and by ${hundred} in a hundred thousand`,
    );
    expect(searching).toContain(`\`lexical\` needs more, too (${more("lexical").join(" and ")} in ten and a hundred`);
    expect(searching).toContain(`when the score falls under ${STOP_RATIO} of the best`);
    expect(searching).toContain(`at most N hits; the default is ${DEFAULT_LIMIT}.`);
    expect(searching).toContain(`at most ${MAX_QUESTION_LENGTH.toLocaleString("en-US")} characters`);
  });
});
