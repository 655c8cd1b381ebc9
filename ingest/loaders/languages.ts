/** The loaders that turn the text of a file into that of a document. */
export type TextLoaderName =
  | "plain"
  | "markdown"
  | "mdx"
  | "html"
  | "restructured-text"
  | "asciidoc"
  | "org"
  | "latex"
  | "table"
  | "json-lines"
  | "json"
  | "notebook"
  | "calendar"
  | "contacts"
  | "subtitles"
  | "chat";

/** What a file's name tells about it. */
export interface KnownFormat {
  readonly language: string;
  readonly mediaType: string;
  readonly loader: TextLoaderName;
}

/** Endings of source code and of data, by their language. */
const CODE_EXTENSIONS = byWord({
  typescript: "ts mts cts",
  tsx: "tsx",
  javascript: "js mjs cjs",
  jsx: "jsx",
  python: "py pyi pyw",
  java: "java",
  kotlin: "kt kts",
  scala: "scala sc",
  groovy: "groovy gradle",
  c: "c h",
  cpp: "cc cpp cxx hh hpp hxx cu",
  csharp: "cs",
  fsharp: "fs",
  vb: "vb",
  go: "go",
  rust: "rs",
  swift: "swift",
  "objective-c": "m mm",
  ruby: "rb",
  php: "php",
  perl: "pl pm",
  lua: "lua",
  r: "r",
  julia: "jl",
  dart: "dart",
  zig: "zig",
  nim: "nim",
  elixir: "ex exs",
  erlang: "erl hrl",
  haskell: "hs",
  ocaml: "ml mli",
  clojure: "clj cljs",
  lisp: "lisp el",
  scheme: "scm",
  shell: "sh bash zsh fish",
  powershell: "ps1",
  batch: "bat cmd",
  sql: "sql",
  graphql: "graphql gql",
  protobuf: "proto",
  thrift: "thrift",
  solidity: "sol",
  css: "css",
  scss: "scss",
  sass: "sass",
  less: "less",
  vue: "vue",
  svelte: "svelte",
  astro: "astro",
  json: "json jsonc json5 canvas",
  yaml: "yaml yml",
  toml: "toml",
  xml: "xml xsd xsl svg",
  ini: "ini cfg conf properties",
  terraform: "tf hcl",
  cmake: "cmake",
  makefile: "mk",
  assembly: "asm s",
  diff: "diff patch",
});

/** Formats of prose and of tables, with their endings. */
const PROSE_FORMATS: readonly (readonly [endings: string, format: KnownFormat])[] = [
  ["md markdown mkd", { language: "markdown", mediaType: "text/markdown", loader: "markdown" }],
  ["mdx", { language: "markdown", mediaType: "text/markdown", loader: "mdx" }],
  ["html htm xhtml", { language: "html", mediaType: "text/html", loader: "html" }],
  ["rst rest", { language: "rst", mediaType: "text/x-rst", loader: "restructured-text" }],
  ["adoc asciidoc", { language: "asciidoc", mediaType: "text/asciidoc", loader: "asciidoc" }],
  ["org", { language: "org", mediaType: "text/org", loader: "org" }],
  ["tex ltx", { language: "latex", mediaType: "text/x-tex", loader: "latex" }],
  ["txt text log", { language: "text", mediaType: "text/plain", loader: "plain" }],
  ["ipynb", { language: "notebook", mediaType: "application/x-ipynb+json", loader: "notebook" }],
  ["csv", { language: "csv", mediaType: "text/csv", loader: "table" }],
  ["tsv tab", { language: "csv", mediaType: "text/tab-separated-values", loader: "table" }],
  ["jsonl", { language: "jsonl", mediaType: "application/jsonl", loader: "json-lines" }],
  ["ndjson", { language: "jsonl", mediaType: "application/x-ndjson", loader: "json-lines" }],
  ["ics ical", { language: "calendar", mediaType: "text/calendar", loader: "calendar" }],
  ["vcf vcard", { language: "contacts", mediaType: "text/vcard", loader: "contacts" }],
  ["srt", { language: "subtitles", mediaType: "application/x-subrip", loader: "subtitles" }],
  ["vtt", { language: "subtitles", mediaType: "text/vtt", loader: "subtitles" }],
  ["sbv", { language: "subtitles", mediaType: "text/plain", loader: "subtitles" }],
];
const PROSE_EXTENSIONS: ReadonlyMap<string, KnownFormat> = new Map(
  PROSE_FORMATS.flatMap(([endings, format]) => endings.split(" ").map((ending) => [ending, format] as const)),
);

const FILE_NAMES = byWord({
  dockerfile: "dockerfile containerfile",
  makefile: "makefile gnumakefile justfile",
  cmake: "cmakelists.txt",
  groovy: "jenkinsfile",
  ruby: "rakefile gemfile vagrantfile",
  yaml: "procfile",
  "go-module": "go.mod",
});

const INTERPRETERS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:ba|z|k|da|fi)?sh\b/, "shell"],
  [/\bpython[\d.]*\b/, "python"],
  [/\b(?:node|bun)\b/, "javascript"],
  [/\b(?:deno|ts-node|tsx)\b/, "typescript"],
  [/\bruby\b/, "ruby"],
  [/\bperl\b/, "perl"],
  [/\bphp\b/, "php"],
];

/** Endings of formats that are never text; the first bytes of such a file say what it really is. */
const BINARY_EXTENSIONS: ReadonlySet<string> = new Set(
  (
    "png jpg jpeg gif bmp webp avif ico tif tiff heic psd ai mp3 wav ogg flac m4a mp4 mov avi mkv webm " +
    "zip tar gz tgz bz2 xz zst 7z rar jar war whl exe dll so dylib o a class pyc wasm bin iso dmg deb rpm " +
    "ttf otf woff woff2 eot sqlite db parquet arrow onnx safetensors pt pth npy npz pkl"
  ).split(" "),
);

const PLAIN_TEXT: KnownFormat = { language: "text", mediaType: "text/plain", loader: "plain" };

/** Lower-case ending of a name without the dot; empty where it has none. */
export function extensionOf(source: string): string {
  const name = source.slice(source.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}

/**
 * Whether a name is that of an image, a film, an archive or the like, so that looking at its first bytes saves reading
 * it.
 */
export function hasBinaryName(source: string): boolean {
  return BINARY_EXTENSIONS.has(extensionOf(source));
}

/** The format of a source by its name and, where the name says nothing, by its first line; plain text otherwise. */
export function formatOf(source: string, firstLine: string): KnownFormat {
  const known = FILE_NAMES.get(source.slice(source.lastIndexOf("/") + 1).toLowerCase());
  if (known !== undefined) return code(known);
  const extension = extensionOf(source);
  const prose = PROSE_EXTENSIONS.get(extension);
  if (prose !== undefined) return prose;
  const language = CODE_EXTENSIONS.get(extension);
  if (language !== undefined) return code(language);
  if (firstLine.startsWith("#!")) {
    const interpreter = INTERPRETERS.find(([pattern]) => pattern.test(firstLine));
    if (interpreter !== undefined) return code(interpreter[1]);
  }
  // Some programs export pages under other names, such as tables as `.xls`.
  const isPage = /^\s*<(?:!doctype html|html)\b/i.test(firstLine);
  return isPage ? { language: "html", mediaType: "text/html", loader: "html" } : PLAIN_TEXT;
}

/** The format that a media type names, else null. */
export function formatOfMediaType(mediaType: string): KnownFormat | null {
  const [essence = ""] = mediaType.toLowerCase().split(";");
  const [, format = null] = PROSE_FORMATS.find(([, { mediaType: known }]) => known === essence.trim()) ?? [];
  return format?.mediaType === "text/plain" ? null : format;
}

/** Languages whose loaders write the headings of the file into the text. */
const PACKED_WITH_HEADINGS = [
  "docx",
  "pptx",
  "xlsx",
  "odt",
  "odp",
  "ods",
  "rtf",
  "doc",
  "xls",
  "epub",
  "mail",
  "web-archive",
] as const;

/** A loader for files that are not plain text; each makes documents of the language of its name. */
export type PackedLoaderName = "pdf" | (typeof PACKED_WITH_HEADINGS)[number];

/** Every loader: those for text, and those for files that hold text in a form of their own. */
export type LoaderName = TextLoaderName | PackedLoaderName;

/** Languages of documents whose text is made from a file's bytes. */
const PACKED_LANGUAGES: readonly PackedLoaderName[] = ["pdf", ...PACKED_WITH_HEADINGS];

const PROSE_LANGUAGES: ReadonlySet<string> = new Set([
  ...PROSE_FORMATS.map(([, { language }]) => language),
  ...PACKED_LANGUAGES,
  "chat",
]);
const HEADED_LANGUAGES: ReadonlySet<string> = new Set([
  "markdown",
  "html",
  "notebook",
  "csv",
  "jsonl",
  ...PACKED_LANGUAGES,
  "calendar",
  "contacts",
  "chat",
  "rst",
  "asciidoc",
  "org",
  "latex",
]);
const TABLE_LANGUAGES: ReadonlySet<string> = new Set(["csv", "jsonl", "xlsx", "xls", "ods"]);

/** Whether a document of this language is cut as prose is: sentence by sentence, a table row by row. */
export function isProse(language: string): boolean {
  return PROSE_LANGUAGES.has(language);
}

/** Whether a document of this language says what it is about by its name only, as code and tables do. */
export function isNamedByPath(language: string): boolean {
  return !isProse(language) || TABLE_LANGUAGES.has(language);
}

/** Whether the text of a document of this language has headings as Markdown writes them. */
export function hasMarkdownHeadings(language: string): boolean {
  return HEADED_LANGUAGES.has(language);
}

function code(language: string): KnownFormat {
  if (language === "json") return { language, mediaType: "application/json", loader: "json" };
  return { language, mediaType: `text/x-${language}`, loader: "plain" };
}

/** Turns a table round: each of the words that stand beside a value leads to it. */
function byWord(table: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(table).flatMap(([value, words]) => words.split(" ").map((word) => [word, value] as const)),
  );
}
