import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync, Visitor, type ESTree } from "vite";
import type { SourceFile } from "./check-architecture.ts";

/** Every TypeScript file under the named folders of the repository. */
export function readSourceFiles(repository: string, folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts"))
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return readSourceFile(
          path.slice(repository.length).replaceAll("\\", "/").replace(/^\/+/, ""),
          readFileSync(path, "utf8"),
        );
      }),
  );
}

/** What one file imports, and whether it reads the environment. */
export function readSourceFile(path: string, code: string): SourceFile {
  const { program, errors } = parseSync(path, code);
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors.map(({ message }) => message).join("; ")}`);
  const imports: string[] = [];
  const runtimeImports: string[] = [];
  let readsEnvironment = false;
  const add = (node: ESTree.Node | null | undefined, isType: boolean): void => {
    if (node?.type !== "Literal" || typeof node.value !== "string") return;
    imports.push(node.value);
    if (!isType) runtimeImports.push(node.value);
  };
  new Visitor({
    ImportDeclaration: ({ source, importKind }) => add(source, importKind === "type"),
    ExportNamedDeclaration: ({ source, exportKind }) => add(source, exportKind === "type"),
    ExportAllDeclaration: ({ source, exportKind }) => add(source, exportKind === "type"),
    ImportExpression: ({ source }) => add(source, false),
    TSImportType: ({ source }) => add(source, true),
    NewExpression(node) {
      // A worker's file, `new URL("./worker.ts", import.meta.url)`, is an import too.
      const [address] = node.arguments;
      if (code.slice(node.callee.start, node.callee.end) === "URL" && node.arguments.length === 2) add(address, false);
    },
    MemberExpression(node) {
      const text = code.slice(node.start, node.end);
      if (/^process\s*(\.\s*env|\[\s*["']env["']\s*\])$/.test(text)) readsEnvironment = true;
    },
    ImportSpecifier({ imported }) {
      const name = imported.type === "Literal" ? imported.value : imported.name;
      if (name === "env" && /from\s*["'](node:)?process["']/.test(code)) readsEnvironment = true;
    },
  }).visit(program);
  return { path, imports, runtimeImports, readsEnvironment };
}
