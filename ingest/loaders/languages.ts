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

const CODE_EXTENSIONS: Readonly<Record<string, string>> = {
  ts: "typescript",
  mts: "typescript",
  cts: "typescript",
  tsx: "tsx",
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  jsx: "jsx",
  py: "python",
  pyi: "python",
  pyw: "python",
  java: "java",
  kt: "kotlin",
  kts: "kotlin",
  scala: "scala",
  sc: "scala",
  groovy: "groovy",
  gradle: "groovy",
  c: "c",
  h: "c",
  cc: "cpp",
  cpp: "cpp",
  cxx: "cpp",
  hh: "cpp",
  hpp: "cpp",
  hxx: "cpp",
  cu: "cpp",
  cs: "csharp",
  fs: "fsharp",
  vb: "vb",
  go: "go",
  rs: "rust",
  swift: "swift",
  m: "objective-c",
  mm: "objective-c",
  rb: "ruby",
  php: "php",
  pl: "perl",
  pm: "perl",
  lua: "lua",
  r: "r",
  jl: "julia",
  dart: "dart",
  zig: "zig",
  nim: "nim",
  ex: "elixir",
  exs: "elixir",
  erl: "erlang",
  hrl: "erlang",
  hs: "haskell",
  ml: "ocaml",
  mli: "ocaml",
  clj: "clojure",
  cljs: "clojure",
  lisp: "lisp",
  el: "lisp",
  scm: "scheme",
  sh: "shell",
  bash: "shell",
  zsh: "shell",
  fish: "shell",
  ps1: "powershell",
  bat: "batch",
  cmd: "batch",
  sql: "sql",
  graphql: "graphql",
  gql: "graphql",
  proto: "protobuf",
  thrift: "thrift",
  sol: "solidity",
  css: "css",
  scss: "scss",
  sass: "sass",
  less: "less",
  vue: "vue",
  svelte: "svelte",
  astro: "astro",
  json: "json",
  jsonc: "json",
  json5: "json",
  canvas: "json",
  yaml: "yaml",
  yml: "yaml",
  toml: "toml",
  xml: "xml",
  xsd: "xml",
  xsl: "xml",
  svg: "xml",
  ini: "ini",
  cfg: "ini",
  conf: "ini",
  properties: "ini",
  tf: "terraform",
  hcl: "terraform",
  cmake: "cmake",
  mk: "makefile",
  asm: "assembly",
  s: "assembly",
  diff: "diff",
  patch: "diff",
};

type NamedFormat = readonly [language: string, mediaType: string, loader: TextLoaderName];

const PROSE_EXTENSIONS: Readonly<Record<string, NamedFormat>> = {
  md: ["markdown", "text/markdown", "markdown"],
  markdown: ["markdown", "text/markdown", "markdown"],
  mdx: ["markdown", "text/markdown", "mdx"],
  mkd: ["markdown", "text/markdown", "markdown"],
  html: ["html", "text/html", "html"],
  htm: ["html", "text/html", "html"],
  xhtml: ["html", "text/html", "html"],
  rst: ["rst", "text/x-rst", "restructured-text"],
  rest: ["rst", "text/x-rst", "restructured-text"],
  adoc: ["asciidoc", "text/asciidoc", "asciidoc"],
  asciidoc: ["asciidoc", "text/asciidoc", "asciidoc"],
  org: ["org", "text/org", "org"],
  tex: ["latex", "text/x-tex", "latex"],
  ltx: ["latex", "text/x-tex", "latex"],
  txt: ["text", "text/plain", "plain"],
  text: ["text", "text/plain", "plain"],
  log: ["text", "text/plain", "plain"],
  ipynb: ["notebook", "application/x-ipynb+json", "notebook"],
  csv: ["csv", "text/csv", "table"],
  tsv: ["csv", "text/tab-separated-values", "table"],
  tab: ["csv", "text/tab-separated-values", "table"],
  jsonl: ["jsonl", "application/jsonl", "json-lines"],
  ndjson: ["jsonl", "application/x-ndjson", "json-lines"],
  ics: ["calendar", "text/calendar", "calendar"],
  ical: ["calendar", "text/calendar", "calendar"],
  vcf: ["contacts", "text/vcard", "contacts"],
  vcard: ["contacts", "text/vcard", "contacts"],
  srt: ["subtitles", "application/x-subrip", "subtitles"],
  vtt: ["subtitles", "text/vtt", "subtitles"],
  sbv: ["subtitles", "text/plain", "subtitles"],
};

const FILE_NAMES: Readonly<Record<string, string>> = {
  dockerfile: "dockerfile",
  containerfile: "dockerfile",
  makefile: "makefile",
  gnumakefile: "makefile",
  "cmakelists.txt": "cmake",
  jenkinsfile: "groovy",
  rakefile: "ruby",
  gemfile: "ruby",
  vagrantfile: "ruby",
  procfile: "yaml",
  justfile: "makefile",
  "go.mod": "go-module",
};

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
  const extension = extensionOf(source);
  const prose = Object.hasOwn(PROSE_EXTENSIONS, extension) ? PROSE_EXTENSIONS[extension] : undefined;
  const name = source.slice(source.lastIndexOf("/") + 1).toLowerCase();
  if (Object.hasOwn(FILE_NAMES, name)) return code(FILE_NAMES[name] ?? "text");
  if (prose !== undefined) return named(prose);
  if (Object.hasOwn(CODE_EXTENSIONS, extension)) return code(CODE_EXTENSIONS[extension] ?? "text");
  if (firstLine.startsWith("#!")) {
    const interpreter = INTERPRETERS.find(([pattern]) => pattern.test(firstLine));
    if (interpreter !== undefined) return code(interpreter[1]);
  }
  // Some programs export pages under other names, such as tables as `.xls`.
  if (/^\s*<(?:!doctype html|html)\b/i.test(firstLine)) {
    return named(["html", "text/html", "html"]);
  }
  return PLAIN_TEXT;
}

/** The format that a media type names, else null. */
export function formatOfMediaType(mediaType: string): KnownFormat | null {
  const [essence = ""] = mediaType.toLowerCase().split(";");
  const found = Object.values(PROSE_EXTENSIONS).find(([, known]) => known === essence.trim());
  if (found === undefined || found[1] === "text/plain") return null;
  return named(found);
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
  ...Object.values(PROSE_EXTENSIONS).map(([language]) => language),
  ...PACKED_LANGUAGES,
  "chat",
]);
const HEADED_LANGUAGES: ReadonlySet<string> = new Set([
  "markdown",
  "html",
  "notebook",
  "csv",
  "jsonl",
  ...PACKED_WITH_HEADINGS,
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

function named([language, mediaType, loader]: NamedFormat): KnownFormat {
  return { language, mediaType, loader };
}

function code(language: string): KnownFormat {
  if (language === "json") return { language, mediaType: "application/json", loader: "json" };
  return { language, mediaType: `text/x-${language}`, loader: "plain" };
}
