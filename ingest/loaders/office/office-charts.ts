import { builtInFormat, showNumber } from "./number-format.ts";
import { formatRow, type NamedCell } from "../table-rows.ts";
import { childAt, descendantsOf, textOf, type XmlNode } from "../xml-elements.ts";
import { oneLine } from "../../../src/domain/one-line.ts";

/** A chart's title and, where they are wanted, the values that are stored with it, a line for each category. */
export function chartText(file: XmlNode | undefined, { hasValues }: { readonly hasValues: boolean }): string {
  const chart = childAt(file, "chart");
  const title = descendantsOf(childAt(chart, "title"), "t").map(textOf).join("").trim();
  const lines = hasValues ? valueLines(descendantsOf(childAt(chart, "plotArea"), "ser")) : "";
  return [title === "" ? "" : `Chart: ${title}`, lines].filter((part) => part !== "").join("\n\n");
}

function valueLines(allSeries: readonly XmlNode[]): string {
  const rows = new Map<string, NamedCell[]>();
  for (const series of allSeries) {
    const name = textOf(descendantsOf(childAt(series, "tx"), "v")[0]).trim();
    const categories = pointsOf(childAt(series, "cat") ?? childAt(series, "xVal"));
    for (const [index, value] of pointsOf(childAt(series, "val") ?? childAt(series, "yVal"))) {
      const category = categories.get(index) ?? String(Number(index) + 1);
      const cells = rows.get(category) ?? [];
      rows.set(category, cells);
      const number = Number(value);
      cells.push({ name, value: Number.isFinite(number) ? showNumber(number, builtInFormat(0)) : value });
    }
  }
  return [...rows]
    .map(([category, cells]) => formatRow(category, cells))
    .join("")
    .trimEnd();
}

/** Values by their place in the series. */
function pointsOf(values: XmlNode | undefined): ReadonlyMap<string, string> {
  return new Map(
    descendantsOf(values, "pt").map((point) => [point.attributes["idx"] ?? "", oneLine(textOf(childAt(point, "v")))]),
  );
}
