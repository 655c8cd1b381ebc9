import { posix } from "node:path";
import {
  CLIENT_HOMES,
  EMPTY_NAMES,
  ENVIRONMENT_READERS,
  EXCEPTIONS,
  IMPORT_TABLE,
  KEPT_APART,
  WIRING,
  type PartRule,
} from "./import-table.ts";

/** One source file with what was read from it. */
export interface SourceFile {
  /** Path from the repository's root, with `/`. */
  readonly path: string;
  /** Specifiers of static and dynamic imports, re-exports, type imports and workers' URLs. */
  readonly imports: readonly string[];
  /** The part of them that is there when the program runs: types are not. */
  readonly runtimeImports: readonly string[];
  /** Whether it reads `process.env`. */
  readonly readsEnvironment: boolean;
}

/** Every way in which files break the rules, as sentences; empty when there is none. */
export function checkArchitecture(
  files: readonly SourceFile[],
  table: Readonly<Record<string, PartRule>> = IMPORT_TABLE,
): string[] {
  return [
    ...files.flatMap((file) => checkNames(file, table)),
    ...files.flatMap((file) => file.imports.flatMap((specifier) => checkImport(file, specifier, table))),
    ...files.flatMap(checkEnvironment),
    ...findCycles(files).map((cycle) => `Import cycle: ${cycle.join(" -> ")}.`),
  ];
}

/** The part a file belongs to: a folder of `src/`, a file beside them, or `ingest`. */
export function partOf(path: string): string {
  const [top = "", second = ""] = path.split("/");
  if (top === "ingest") return "ingest";
  return second.replace(/\.[a-z.]+$/, "");
}

function checkNames({ path }: SourceFile, table: Readonly<Record<string, PartRule>>): string[] {
  const part = partOf(path);
  const names = path.split("/").map((name) => name.replace(/\..*$/, ""));
  return [
    ...(Object.hasOwn(table, part) ? [] : [`${path}: ${part} is not in the import table.`]),
    ...names.filter((name) => EMPTY_NAMES.includes(name)).map((name) => `${path}: "${name}" names nothing.`),
    ...(names.at(-1) === "index" && path !== "src/index.ts" && !path.startsWith("src/web/")
      ? [`${path}: only src/index.ts is an index.`]
      : []),
  ];
}

function checkImport(file: SourceFile, specifier: string, table: Readonly<Record<string, PartRule>>): string[] {
  if (!specifier.startsWith(".")) return checkPackage(file, specifier);
  const target = resolveImport(file.path, specifier);
  if (!/^(src|ingest)\//.test(target)) {
    // The list of packages and the bundled model lie outside the code.
    return /\.(json|onnx|css|svg)$/.test(target) || !/\.[a-z]+$/.test(target)
      ? []
      : [`${file.path} imports ${target}, which is outside src/ and ingest/.`];
  }
  const apart = KEPT_APART.find(
    ([one, other]) => joins(file.path, one, target, other) || joins(file.path, other, target, one),
  );
  if (apart !== undefined)
    return [`${file.path} imports ${target}: ${apart.join(" and ")} know nothing of each other.`];
  const from = partOf(file.path);
  const to = partOf(target);
  if (from === to || EXCEPTIONS.some((exception) => exception.from === file.path && exception.to === target)) return [];
  const rule = table[from];
  if (rule === undefined) return [];
  if (!rule.imports.includes(to)) return [`${file.path} imports ${target}: ${from} may not import ${to}.`];
  const doors = table[to]?.doors;
  if (doors === undefined || WIRING.includes(from) || doors.includes(posix.basename(target))) return [];
  return [`${file.path} imports ${target}: of ${to} only ${doors.join(", ")} is open.`];
}

function joins(path: string, home: string, target: string, foreign: string): boolean {
  return path.startsWith(home) && target.startsWith(foreign);
}

function checkPackage({ path }: SourceFile, specifier: string): string[] {
  return Object.entries(CLIENT_HOMES)
    .filter(([client]) => specifier === client || specifier.startsWith(`${client}/`))
    .filter(([, homes]) => !homes.some((home) => path.startsWith(home)))
    .map(([client, homes]) => `${path} imports ${client}, which belongs in ${homes.join(" or ")}.`);
}

function checkEnvironment({ path, readsEnvironment }: SourceFile): string[] {
  if (!readsEnvironment || ENVIRONMENT_READERS.includes(path)) return [];
  return [`${path} reads process.env; only ${ENVIRONMENT_READERS.join(" and ")} may.`];
}

/** Where a relative import leads, from the repository's root. */
export function resolveImport(path: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(path), specifier));
}

/** Each cycle of the running program once, from the file where it was met first. */
function findCycles(files: readonly SourceFile[]): string[][] {
  const edges = new Map(
    files.map(({ path, runtimeImports }) => [
      path,
      runtimeImports
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => resolveImport(path, specifier)),
    ]),
  );
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) cycles.push([...trail.slice(start), path]);
    if (start !== -1 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return cycles;
}
