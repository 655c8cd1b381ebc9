/** What a file's name tells about it. */
export interface KnownFormat {
  readonly language: string;
  readonly mediaType: string;
  /** Prose is cut by the chosen chunker, code by its own. */
  readonly kind: "prose" | "code";
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
  ipynb: "json",
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
  jsonl: "jsonl",
  ndjson: "jsonl",
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
  csv: "csv",
  tsv: "csv",
  tf: "terraform",
  hcl: "terraform",
  cmake: "cmake",
  mk: "makefile",
  asm: "assembly",
  s: "assembly",
  diff: "diff",
  patch: "diff",
};

const PROSE_EXTENSIONS: Readonly<Record<string, readonly [language: string, mediaType: string]>> = {
  md: ["markdown", "text/markdown"],
  markdown: ["markdown", "text/markdown"],
  mdx: ["markdown", "text/markdown"],
  mkd: ["markdown", "text/markdown"],
  html: ["html", "text/html"],
  htm: ["html", "text/html"],
  xhtml: ["html", "text/html"],
  rst: ["rst", "text/x-rst"],
  adoc: ["asciidoc", "text/asciidoc"],
  asciidoc: ["asciidoc", "text/asciidoc"],
  org: ["org", "text/org"],
  tex: ["latex", "text/x-tex"],
  txt: ["text", "text/plain"],
  text: ["text", "text/plain"],
  log: ["text", "text/plain"],
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
  "go.mod": "go",
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

const UNSUPPORTED: ReadonlySet<string> = new Set(
  (
    "pdf doc docx odt rtf ppt pptx odp xls xlsx ods epub mobi pages numbers key msg eml " +
    "png jpg jpeg gif bmp webp avif ico tif tiff heic psd ai mp3 wav ogg flac m4a mp4 mov avi mkv webm " +
    "zip tar gz tgz bz2 xz zst 7z rar jar war whl exe dll so dylib o a class pyc wasm bin iso dmg deb rpm " +
    "ttf otf woff woff2 eot sqlite db parquet arrow onnx safetensors pt pth npy npz pkl"
  ).split(" "),
);

const PROSE: KnownFormat = { language: "text", mediaType: "text/plain", kind: "prose" };

/** Lower-case ending of a name without the dot; empty where it has none. */
export function extensionOf(source: string): string {
  const name = source.slice(source.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}

/** The ending of a format that is known but cannot be read yet, else null. */
export function unsupportedFormat(source: string): string | null {
  const extension = extensionOf(source);
  return UNSUPPORTED.has(extension) ? extension : null;
}

/** The format of a source by its name and, where the name says nothing, by its first line; plain text otherwise. */
export function formatOf(source: string, firstLine: string): KnownFormat {
  const extension = extensionOf(source);
  const prose = Object.hasOwn(PROSE_EXTENSIONS, extension) ? PROSE_EXTENSIONS[extension] : undefined;
  const name = source.slice(source.lastIndexOf("/") + 1).toLowerCase();
  if (Object.hasOwn(FILE_NAMES, name)) return code(FILE_NAMES[name] ?? "text");
  if (prose !== undefined) return { language: prose[0], mediaType: prose[1], kind: "prose" };
  if (Object.hasOwn(CODE_EXTENSIONS, extension)) return code(CODE_EXTENSIONS[extension] ?? "text");
  if (firstLine.startsWith("#!")) {
    const interpreter = INTERPRETERS.find(([pattern]) => pattern.test(firstLine));
    if (interpreter !== undefined) return code(interpreter[1]);
  }
  if (extension === "" && /^\s*<(?:!doctype html|html)\b/i.test(firstLine)) {
    return { language: "html", mediaType: "text/html", kind: "prose" };
  }
  return PROSE;
}

/** The format that a media type names, else null. */
export function formatOfMediaType(mediaType: string): KnownFormat | null {
  const [essence = ""] = mediaType.toLowerCase().split(";");
  const found = Object.values(PROSE_EXTENSIONS).find(([, known]) => known === essence.trim());
  if (found === undefined || found[1] === "text/plain") return null;
  return { language: found[0], mediaType: found[1], kind: "prose" };
}

const PROSE_LANGUAGES: ReadonlySet<string> = new Set(Object.values(PROSE_EXTENSIONS).map(([language]) => language));

/** Whether a document of this language is prose rather than code or data. */
export function isProse(language: string): boolean {
  return PROSE_LANGUAGES.has(language);
}

function code(language: string): KnownFormat {
  const mediaType = language === "json" ? "application/json" : language === "csv" ? "text/csv" : `text/x-${language}`;
  return { language, mediaType, kind: "code" };
}
