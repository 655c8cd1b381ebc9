import type { Node, TreeCursor } from "web-tree-sitter";
import { shortSignature } from "./outline.ts";

/** The definition that a node of a syntax tree is. */
export interface NodeDefinition {
  /** Its name; several names if the name itself tells what it belongs to, as that of a method in Go does. */
  readonly name: readonly string[];
  readonly isContainer: boolean;
  readonly isGroup?: boolean;
  readonly signature: string;
}

/** What {@link readDefinition} needs beside the node. */
export interface DefinitionContext {
  readonly text: string;
  readonly language: string;
  /** Whether the node is inside another definition. */
  readonly isInside: boolean;
}

/** Node types of all grammars that contain other definitions. */
const CONTAINERS: ReadonlySet<string> = new Set(
  (
    "class_declaration abstract_class_declaration class class_definition class_specifier class_statement " +
    "interface_declaration enum_declaration enum_statement enum_specifier struct_specifier struct_declaration union_specifier " +
    "record_declaration annotation_type_declaration trait_declaration internal_module module namespace_definition type_spec " +
    "impl_item trait_item struct_item enum_item union_item mod_item"
  ).split(" "),
);

/** Node types that define a single thing. */
const SINGLES: ReadonlySet<string> = new Set(
  (
    "function_declaration generator_function_declaration function_definition function_item function_signature " +
    "function_signature_item function_statement method_definition method_declaration method singleton_method " +
    "abstract_method_signature constructor_declaration compact_constructor_declaration destructor_declaration " +
    "class_method_definition macro_definition preproc_function_def type_alias_declaration type_item type_alias " +
    "delegate_declaration section"
  ).split(" "),
);

/** Node types that define a name by assigning a value to it. */
const ASSIGNMENTS: ReadonlySet<string> = new Set(
  "variable_declarator public_field_definition field_definition pair assignment_expression assignment".split(" "),
);
const FUNCTION_VALUE = /^(?:arrow_function|function_expression|generator_function|function|class|lambda)$/;
const TOP_LEVEL_VALUE = /^(?:object|call_expression)$/;

/** The definition that the node under the cursor is; null for every other node. */
export function readDefinition(cursor: TreeCursor, context: DefinitionContext): NodeDefinition | null {
  const type = cursor.nodeType;
  if (CONTAINERS.has(type) || SINGLES.has(type)) return readNamed(cursor.currentNode, type, context);
  return ASSIGNMENTS.has(type) ? readAssignment(cursor.currentNode, context) : null;
}

function readNamed(node: Node, type: string, context: DefinitionContext): NodeDefinition | null {
  // In C and C++ only the body tells a type that is defined from one that is used.
  if (type.endsWith("_specifier") && node.childForFieldName("body") === null) return null;
  // A PHP namespace groups files, as a package does; it is not a definition.
  if (type === "namespace_definition" && context.language === "php") return null;
  const name = nameOf(node, type);
  if (name === null || name.length === 0) return null;
  const isGroup = type === "namespace_definition";
  return { name, isContainer: CONTAINERS.has(type), isGroup, signature: signatureOf(node, context.text) };
}

function readAssignment(node: Node, { text, isInside }: DefinitionContext): NodeDefinition | null {
  const target =
    node.childForFieldName("name") ??
    node.childForFieldName("property") ??
    node.childForFieldName("key") ??
    node.childForFieldName("left");
  const value = node.childForFieldName("value") ?? node.childForFieldName("right");
  if (target === null || value === null || !/^[\p{L}\p{N}_$#.]+$/u.test(target.text)) return null;
  const isFunction = FUNCTION_VALUE.test(value.type);
  if (!isFunction && (isInside || node.type === "pair" || !TOP_LEVEL_VALUE.test(value.type))) return null;
  const end = value.childForFieldName("body")?.startIndex ?? value.startIndex;
  return {
    name: target.text.replace(/^(?:module\.)?exports\./, "").split("."),
    isContainer: value.type === "class" || value.type === "object",
    signature: shortSignature(text.slice(node.startIndex, end)),
  };
}

function nameOf(node: Node, type: string): readonly string[] | null {
  if (type === "impl_item") return partsOf(node.childForFieldName("type"));
  if (type === "section") return partsOf(node.firstNamedChild?.firstNamedChild ?? null);
  const named = node.childForFieldName("name");
  if (named !== null) {
    const receiver = type === "method_declaration" ? receiverOf(node.childForFieldName("receiver")) : [];
    return [...receiver, ...partsOf(named)];
  }
  const declarator = node.childForFieldName("declarator");
  if (declarator !== null) return partsOf(innermostDeclarator(declarator));
  return partsOf(node.namedChildren.find((child) => /^(?:function_name|simple_name)$/.test(child.type)) ?? null);
}

/** The type that a method of Go belongs to: `(s *Server[T])` gives `Server`. */
function receiverOf(receiver: Node | null): readonly string[] {
  const name = /([\p{L}_][\p{L}\p{N}_]*)\s*(?:\[[^\]]*\])?\s*\)$/u.exec(receiver?.text ?? "")?.[1];
  return name === undefined ? [] : [name];
}

/** The name inside the declarator of C: `*ns::Store::find(int a)` gives `ns::Store::find`. */
function innermostDeclarator(declarator: Node): Node {
  let node = declarator;
  for (;;) {
    const inner =
      node.childForFieldName("declarator") ??
      (node.type.endsWith("_declarator")
        ? node.namedChildren.find((child) => /declarator$|identifier$/.test(child.type))
        : null);
    if (inner === null || inner === undefined) return node;
    node = inner;
  }
}

/** The names in a name: without quotes and type arguments, cut at `::`. */
function partsOf(name: Node | null): readonly string[] {
  if (name === null) return [];
  // What the grammar did not understand may stand in front of the name.
  const last = /operator/.test(name.text)
    ? name.text
    : withoutArguments(name.text)
        .trim()
        .replace(/^.*\s(?=[\w:~]+$)/s, "");
  const plain = last.replaceAll(/["'`\s&*]/g, "");
  const operator = plain.search(/\boperator/);
  const scopes = operator === -1 ? plain : plain.slice(0, operator);
  return [...scopes.split("::"), operator === -1 ? "" : plain.slice(operator)].filter((part) => part !== "");
}

function withoutArguments(name: string): string {
  let plain = name;
  for (let before = ""; before !== plain;) {
    before = plain;
    plain = plain.replaceAll(/<[^<>]*>/g, "");
  }
  return plain;
}

function signatureOf(node: Node, text: string): string {
  const body = node.childForFieldName("body") ?? node.namedChildren.find(({ type }) => /body|block$/.test(type));
  const end = body === undefined || body === null ? text.indexOf("\n", node.startIndex) : body.startIndex;
  return shortSignature(text.slice(node.startIndex, end === -1 ? node.endIndex : Math.min(end, node.endIndex)));
}
