/** What becomes of a directive's first line and of the lines that belong to it. */
export type DirectiveKind = "code" | "dropped" | "note" | "object" | "path" | "entries" | "text";

const KINDS: Readonly<Record<Exclude<DirectiveKind, "text" | "object">, readonly string[]>> = {
  code: words(
    "code-block sourcecode code code-tab parsed-literal prompt ipython jupyter-execute testcode testsetup doctest testoutput math productionlist graphviz digraph mermaid uml plantuml",
  ),
  dropped: words(
    "image index highlight currentmodule module py:currentmodule py:module default-domain default-role contents meta sectnum tabularcolumns role raw",
  ),
  note: words(
    "note warning tip hint important caution danger error attention seealso admonition todo topic sidebar rubric versionadded versionchanged versionremoved deprecated deprecated-removed",
  ),
  path: words("literalinclude include click"),
  entries: words("toctree autosummary"),
};
/** Things that references document, each with its description below. */
const OBJECTS =
  /^(?:(?:py|c|cpp|js|std|rst|http):)?(?:auto(?:function|method|class|exception|data|attribute|property|decorator)|function|method|classmethod|staticmethod|class|exception|data|attribute|property|decorator|decoratormethod|module|macro|type|var|member|struct|enum|enumerator|option|cmdoption|envvar|confval|setting|describe|object|glossary-entry|program|directive|role|get|post|put|patch|delete)$/;
/** What is written behind these says how to show their body, not what it says. */
const MUTE = words(
  "only container class rst-class cssclass figure ifconfig tabs tab-set grid hlist glossary epigraph compound",
);
const LABELS: Readonly<Record<string, string>> = {
  seealso: "See also",
  versionadded: "Added in version",
  versionchanged: "Changed in version",
  versionremoved: "Removed in version",
  deprecated: "Deprecated since version",
  "deprecated-removed": "Deprecated since version",
};
const LANGUAGES: Readonly<Record<string, string>> = {
  prompt: "bash",
  doctest: "python",
  testcode: "python",
  testsetup: "python",
  ipython: "python",
  "jupyter-execute": "python",
  none: "",
};

/** A directive's first line, `.. name:: argument`. */
export interface Directive {
  readonly name: string;
  readonly argument: string;
  readonly kind: DirectiveKind;
}

/** Reads what stands behind `.. `; null where that is no directive. */
export function readDirective(content: string): Directive | null {
  const [, name = "", argument = ""] = /^([A-Za-z][\w:.+-]{0,60}?)\s?::(?:\s+(.*))?$/.exec(content) ?? [];
  if (name === "") return null;
  const known = name.toLowerCase();
  return { name: known, argument: MUTE.includes(known) ? "" : argument.trim(), kind: kindOf(known) };
}

/** The language of the code below a directive. */
export function codeLanguage({ name, argument }: Directive): string {
  if (Object.hasOwn(LANGUAGES, name)) return LANGUAGES[name] ?? "";
  if (!["code-block", "sourcecode", "code", "code-tab"].includes(name))
    return ["math", "mermaid", "plantuml"].includes(name) ? name : "";
  return Object.hasOwn(LANGUAGES, argument) ? (LANGUAGES[argument] ?? "") : argument;
}

/** How a note begins, in bold, and what goes on behind that. A version belongs to the beginning. */
export function noteLabel({ name, argument }: Directive): { readonly label: string; readonly rest: string } {
  if (/^version|^deprecated/.test(name)) {
    const [, version = "", rest = ""] = /^(\S*)\s*(.*)$/.exec(argument) ?? [];
    const label = [LABELS[name] ?? titled(name), version].filter((part) => part !== "").join(" ");
    return { label, rest };
  }
  if (["admonition", "topic", "sidebar", "rubric"].includes(name)) return { label: argument || titled(name), rest: "" };
  return { label: LABELS[name] ?? titled(name), rest: argument };
}

function kindOf(name: string): DirectiveKind {
  for (const kind of ["code", "dropped", "note", "path", "entries"] as const)
    if (KINDS[kind].includes(name)) return kind;
  return OBJECTS.test(name) ? "object" : "text";
}

function titled(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function words(text: string): readonly string[] {
  return text.split(" ");
}
