import path from "node:path";
import { tidyTitle } from "../loader.ts";
import { unpack } from "../packed-files.ts";
import { childrenOf, descendantsOf, readXmlTree, textOf, type XmlNode } from "../xml-elements.ts";

/** A part that another one refers to. */
export interface Relation {
  readonly id: string;
  /** Last word of the relation's type, such as `slide`. */
  readonly type: string;
  /** Name of the part. */
  readonly target: string;
}

/** The parts of a PowerPoint or Excel file. Names are compared without case, as the format has it. */
export interface OfficePackage {
  /** Name of the part that the file begins with. */
  readonly main: string;
  /** The title of the properties, else null. */
  readonly title: string | null;
  /** A part's content; undefined where it is missing. */
  part(name: string): Uint8Array | undefined;
  /** A part's tree; undefined where it is missing. Throws where it is damaged. */
  tree(name: string): XmlNode | undefined;
  /** What a part refers to inside of the package. */
  relationsOf(name: string): readonly Relation[];
}

/** Parts that are never read, some of them large. */
const LEFT_PACKED = /(?:^|\/)(?:theme|slidelayouts|slidemasters|pivotcache|customxml|calcchain|externallinks|media)/i;

/** Opens a package; null where its parts are too large when unpacked. Throws where it does not say what it begins with. */
export function openOfficePackage(bytes: Uint8Array): OfficePackage | null {
  const unpacked = unpack(bytes, (name) => /\.(?:xml|rels)$/i.test(name) && !LEFT_PACKED.test(name));
  if (unpacked === null) return null;
  const parts = new Map([...unpacked].map(([name, content]) => [keyOf(name), content]));
  const part = (name: string): Uint8Array | undefined => parts.get(keyOf(name));
  const tree = (name: string): XmlNode | undefined => {
    const content = part(name);
    return content === undefined ? undefined : readXmlTree(content);
  };
  const relationsOf = (name: string): readonly Relation[] => {
    const { dir, base } = path.posix.parse(name);
    const list = tree(path.posix.join(dir, "_rels", `${base}.rels`));
    return childrenOf(list, "Relationship").flatMap(({ attributes }) => {
      const target = attributes["Target"] ?? "";
      if (target === "" || attributes["TargetMode"] === "External") return [];
      const type = attributes["Type"] ?? "";
      const whole = path.posix.resolve("/", dir, target.replaceAll("\\", "/"));
      return [{ id: attributes["Id"] ?? "", type: type.slice(type.lastIndexOf("/") + 1), target: whole.slice(1) }];
    });
  };
  const main = relationsOf("").find(({ type }) => type === "officeDocument")?.target;
  if (main === undefined || part(main) === undefined) throw new Error("it does not name its main part");
  const properties = relationsOf("").find(({ type }) => type === "core-properties")?.target ?? "docProps/core.xml";
  return { main, title: tidyTitle(textOf(descendantsOf(tree(properties), "title")[0])), part, tree, relationsOf };
}

/** The id of the part that an element refers to; the prefix is the program's choice. */
export function relationId({ attributes }: XmlNode): string {
  const name = Object.keys(attributes).find((one) => one.endsWith(":id"));
  return name === undefined ? "" : (attributes[name] ?? "");
}

/** Some programs write a leading slash, and backslashes. */
function keyOf(name: string): string {
  return name.replaceAll("\\", "/").replace(/^\/+/, "").toLowerCase();
}
