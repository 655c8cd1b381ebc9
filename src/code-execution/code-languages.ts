/** How blocks of a language are run. */
export interface CodeLanguage {
  /** Ending of its files, without the dot. */
  readonly extension: string;
  /** Programs that run a file, the first one installed is taken; empty for files that are only saved. */
  readonly programs: readonly string[];
}

const PYTHON: CodeLanguage = { extension: "py", programs: ["python3", "python"] };
const SH: CodeLanguage = { extension: "sh", programs: ["sh"] };
const JAVASCRIPT: CodeLanguage = { extension: "js", programs: [process.execPath] };
// Node takes the types off by itself.
const TYPESCRIPT: CodeLanguage = { extension: "ts", programs: [process.execPath] };
const savedOnly = (extension: string): CodeLanguage => ({ extension, programs: [] });

const LANGUAGES: ReadonlyMap<string, CodeLanguage> = new Map([
  ["python", PYTHON],
  ["py", PYTHON],
  ["python3", PYTHON],
  ["bash", { extension: "sh", programs: ["bash"] }],
  ["sh", SH],
  ["shell", SH],
  ["javascript", JAVASCRIPT],
  ["js", JAVASCRIPT],
  ["node", JAVASCRIPT],
  ["typescript", TYPESCRIPT],
  ["ts", TYPESCRIPT],
  ["html", savedOnly("html")],
  ["css", savedOnly("css")],
  ["json", savedOnly("json")],
  ["csv", savedOnly("csv")],
]);

/** How blocks with this name behind the fence are run; null for a language that is not known. */
export function codeLanguageOf(name: string): CodeLanguage | null {
  return LANGUAGES.get(name.toLowerCase()) ?? null;
}

/** The language of code without a name behind its fence; `unknown` where nothing gives it away. */
export function inferLanguage(code: string): "python" | "sh" | "javascript" | "unknown" {
  const [first = ""] = code.trimStart().split("\n");
  if (/^#!.*\bpython/.test(first)) return "python";
  if (/^#!.*\bnode\b/.test(first)) return "javascript";
  if (/^#!.*\b(?:ba|z|da)?sh\b/.test(first)) return "sh";
  if (
    /^[ \t]*(?:\$ ?)?(?:sudo |pip3? |python3? |npm |npx |node |cd |ls\b|echo |mkdir |cat |curl |export )/m.test(code)
  ) {
    return "sh";
  }
  if (/^[ \t]*(?:const|let|var) \w+\s*=|console\.\w+\(|^[ \t]*import .+ from ["']|=>\s*[{(]/m.test(code))
    return "javascript";
  if (
    /^[ \t]*(?:import \w|from [\w.]+ import |def \w+\(.*\).*:\s*$|class \w+.*:\s*$|for .+ in .+:\s*$|print\()/m.test(
      code,
    )
  )
    return "python";
  return "unknown";
}
