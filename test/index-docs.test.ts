import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const INDEX = resolve(dirname(fileURLToPath(import.meta.url)), "../src/index.ts");

/** An option of an exported interface, its type and the comment in front of it. */
interface Option {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

/** The files of the library's exports, by name. */
function exportsOf(index: string): ReadonlyMap<string, string> {
  const lists = [...index.matchAll(/^export (?:type )?\{([^}]*)\} from "([^"]+)";/gm)];
  const named = lists.flatMap(([, names = "", path = ""]) =>
    names
      .split(",")
      .flatMap((name) => (name.trim() === "" ? [] : [[name.trim(), resolve(dirname(INDEX), path)] as const])),
  );
  const own = [...index.matchAll(/^export (?:async )?(?:function|class) (\w+)/gm)].map(
    ([, name = ""]) => [name, INDEX] as const,
  );
  return new Map([...named, ...own]);
}

function commentBefore(lines: readonly string[], place: number): string {
  if (!(lines[place - 1] ?? "").trimEnd().endsWith("*/")) return "";
  let start = place - 1;
  while (start > 0 && !(lines[start] ?? "").includes("/**")) start -= 1;
  return lines
    .slice(start, place)
    .join(" ")
    .replaceAll(/[\s*/]+/g, " ");
}

function placeOf(lines: readonly string[], name: string): number {
  const kinds = "interface|type|class|function\\*?|const";
  const declared = new RegExp(`^export (?:declare )?(?:async )?(?:${kinds}) ${name}\\b`);
  return lines.findIndex((line) => declared.test(line));
}

/** The members of an interface that may be left out. */
function optionsOf(lines: readonly string[], place: number): readonly Option[] {
  if (!(lines[place] ?? "").startsWith("export interface")) return [];
  const length = lines.slice(place).findIndex((line) => line === "}");
  return Array.from({ length }, (_value, index) => place + index).flatMap((at) => {
    const name = /^ {2}(?:readonly )?(\w+)\?[:(]/.exec(lines[at] ?? "")?.[1];
    if (name === undefined) return [];
    const isNext = (line: string): boolean => /^(?: {2}(?:readonly |\/\*\*|\w+[?(:])|\})/.test(line);
    const last = lines.findIndex((line, index) => index > at && isNext(line));
    return [{ name, type: lines.slice(at, last).join("\n"), comment: commentBefore(lines, at) }];
  });
}

const exported = [...exportsOf(readFileSync(INDEX, "utf8"))].map(([name, file]) => {
  const lines = readFileSync(file, "utf8").split("\n");
  const place = placeOf(lines, name);
  return { name, place, comment: commentBefore(lines, place), options: optionsOf(lines, place) };
});
const settings = exported.filter(({ name }) =>
  /(?:Options|Config|ChatSettings|Limits|NestedChat|SeriesChat|Budget|SearchSpace|ModelRequest|FoundText)$/.test(name),
);
/** How a comment tells what an option does when it is left out. */
const SAYS_DEFAULT = /@default|default:|without|absent|required|goes before it|the same as/i;

describe("the library's documentation", () => {
  it("finds every export where it is declared", () => {
    expect(exported.length).toBeGreaterThan(200);
    expect(exported.filter(({ place }) => place < 0).map(({ name }) => name)).toEqual([]);
  });

  it("says what each export is", () => {
    expect(exported.filter(({ comment }) => comment.trim().length < 10).map(({ name }) => name)).toEqual([]);
  });

  it("says what each option is", () => {
    const silent = exported.flatMap(({ name, options }) =>
      options.filter(({ comment }) => comment.trim().length < 5).map((option) => `${name}.${option.name}`),
    );
    expect(silent).toEqual([]);
  });

  it("takes undefined for an option, as callers with exactOptionalPropertyTypes may have it", () => {
    const strict = settings.flatMap(({ name, options }) =>
      options
        .filter(({ type }) => !/\?\(|\b(?:undefined|unknown);\s*$/.test(type))
        .map((option) => `${name}.${option.name}`),
    );
    expect(settings.flatMap(({ options }) => options).length).toBeGreaterThan(250);
    expect(strict).toEqual([]);
  });

  it("says what happens without an option", () => {
    const silent = settings.flatMap(({ name, options }) =>
      options
        .filter((option) => option.name !== "signal" && !SAYS_DEFAULT.test(option.comment))
        .map((option) => `${name}.${option.name}: ${option.comment.trim()}`),
    );
    expect(silent).toEqual([]);
  });
});
