import { oneLine } from "../../../src/domain/one-line.ts";
import { chartText } from "./office-charts.ts";
import type { OfficePackage } from "./office-package.ts";
import { type ListLine, renderDescription, renderGrid, renderLines } from "./markdown-blocks.ts";
import { childAt, childrenOf, descendantsOf, textOf, type XmlNode } from "../xml-elements.ts";

/** What a slide's shapes say, apart from its title. */
export interface ShapeTexts {
  readonly title: string;
  /** One text a shape, in their order. */
  readonly body: readonly string[];
}

/** Placeholders that repeat on every slide. */
const AROUND_TEXT: ReadonlySet<string> = new Set(["dt", "ftr", "hdr", "sldNum", "sldImg"]);
const TITLES: ReadonlySet<string> = new Set(["title", "ctrTitle"]);

/** The texts of a slide or of its notes, in the order in which PowerPoint reads them aloud. */
export function readShapes(slide: XmlNode | undefined, { file, part }: PartOfFile): ShapeTexts {
  const reading = { targetOf: targetsOf({ file, part }), hasValues: true };
  let title = "";
  const body: string[] = [];
  for (const shape of shapesOf(childAt(slide, "cSld", "spTree"))) {
    const kind = placeholderOf(shape);
    if (kind !== null && AROUND_TEXT.has(kind)) continue;
    if (kind !== null && TITLES.has(kind) && title === "") {
      title = oneLine(wordsOf(shape));
      continue;
    }
    body.push(...textsOf(shape, { isList: kind === "body" || kind === "obj" || kind === "", ...reading }));
  }
  return { title, body };
}

/**
 * What the shapes on a sheet of a workbook say: text boxes, titles of charts, descriptions of pictures. The values of a
 * chart stand in the cells.
 */
export function readDrawing({ file, part }: PartOfFile): readonly string[] {
  const reading = { isList: false, targetOf: targetsOf({ file, part }), hasValues: false };
  return childrenOf(file.tree(part))
    .flatMap(shapesOf)
    .flatMap((shape) => textsOf(shape, reading))
    .filter((text) => text !== "");
}

interface PartOfFile {
  readonly file: OfficePackage;
  readonly part: string;
}

interface ShapeReading {
  /** Whether several paragraphs are items of a list unless they say otherwise. */
  readonly isList: boolean;
  /** Whether the values of charts are wanted. */
  readonly hasValues: boolean;
  readonly targetOf: (id: string | undefined) => XmlNode | undefined;
}

function targetsOf({ file, part }: PartOfFile): ShapeReading["targetOf"] {
  const targets = new Map(file.relationsOf(part).map(({ id, target }) => [id, target]));
  return (id) => file.tree(targets.get(id ?? "") ?? "");
}

/** The shapes, those of groups among them. Of alternatives, the first is what the program shows. */
function shapesOf(tree: XmlNode | undefined): readonly XmlNode[] {
  return childrenOf(tree).flatMap((shape) => {
    if (shape.name === "grpSp") return shapesOf(shape);
    if (shape.name === "AlternateContent") return shapesOf(childAt(shape, "Choice"));
    return shape.name === "sp" || shape.name === "pic" || shape.name === "graphicFrame" ? [shape] : [];
  });
}

/** What a placeholder is for, empty where it says nothing; null for other shapes. */
function placeholderOf(shape: XmlNode): string | null {
  const place = childAt(shape, "nvSpPr", "nvPr", "ph");
  return place === undefined ? null : (place.attributes["type"] ?? "");
}

function textsOf(shape: XmlNode, { isList, hasValues, targetOf }: ShapeReading): readonly string[] {
  const properties = childrenOf(shape).find(({ name }) => name.startsWith("nv"));
  const description = renderDescription(childAt(properties, "cNvPr")?.attributes["descr"]);
  if (shape.name === "sp") return [renderLines(linesOf(childAt(shape, "txBody"), isList)), description];
  const data = childAt(shape, "graphic", "graphicData");
  const table = childAt(data, "tbl");
  const chart = childAt(data, "chart");
  const diagram = childAt(data, "relIds");
  return [
    description,
    ...(table === undefined ? [] : [tableText(table)]),
    ...(chart === undefined ? [] : [chartText(targetOf(chart.attributes["r:id"]), { hasValues })]),
    ...(diagram === undefined ? [] : [diagramText(targetOf(diagram.attributes["r:dm"]))]),
  ];
}

/** The paragraphs of a text. In a list only one of several is an item, unless it says so itself. */
function linesOf(body: XmlNode | undefined, isList: boolean): readonly ListLine[] {
  const paragraphs = childrenOf(body, "p");
  return paragraphs.map((paragraph) => {
    const properties = childAt(paragraph, "pPr");
    const isNumbered = childAt(properties, "buAutoNum") !== undefined;
    const hasBullet =
      isNumbered || childAt(properties, "buChar") !== undefined || childAt(properties, "buBlip") !== undefined;
    const isItem = hasBullet || (isList && paragraphs.length > 1 && childAt(properties, "buNone") === undefined);
    const level = Math.min(Math.max(Number(properties?.attributes["lvl"] ?? 0) || 0, 0), 8);
    return {
      text: runsOf(paragraph)
        .replaceAll(/[^\S\n]+/g, " ")
        .trim(),
      level: isItem ? level : -1,
      isNumbered,
    };
  });
}

/** The words of a shape or a cell, without line breaks between its paragraphs. */
function wordsOf(shape: XmlNode): string {
  return linesOf(childAt(shape, "txBody"), false)
    .map(({ text }) => text)
    .join(" ");
}

function runsOf(paragraph: XmlNode): string {
  return childrenOf(paragraph)
    .map((run): string => {
      if (run.name === "br") return "\n";
      if (run.name === "AlternateContent") return runsOf(childAt(run, "Choice") ?? run);
      if (run.name === "r" || run.name === "fld") return textOf(childAt(run, "t")).replaceAll("\u000b", "\n");
      return run.name === "pPr" || run.name === "endParaRPr" ? "" : descendantsOf(run, "t").map(textOf).join("");
    })
    .join("");
}

function tableText(table: XmlNode): string {
  const rows = childrenOf(table, "tr").map((row) => childrenOf(row, "tc").map(wordsOf));
  return renderGrid(rows, { hasHeader: ["1", "true"].includes(childAt(table, "tblPr")?.attributes["firstRow"] ?? "") });
}

function diagramText(file: XmlNode | undefined): string {
  const points = childrenOf(childAt(file, "ptLst"), "pt").map((point) => linesOf(childAt(point, "t"), false));
  return renderLines(points.flatMap((lines) => lines.map((line) => ({ ...line, level: 0 }))));
}
