import { escapeHtml } from "../domain/escape-html.ts";
import type { Interval } from "./bootstrap.ts";
import { percent } from "./metrics.ts";

const INTERVAL_WIDTH = 260;
const MARGIN = 6;
const BAR_WIDTH = 22;
const BARS_HEIGHT = 90;

/** A mean on a scale from 0 to 100 per cent, with its interval as a band. */
export function intervalPlot({ mean, low, high }: Interval, isBetterHigh: boolean): string {
  const x = (value: number): number => Math.min(1, Math.max(0, value)) * (INTERVAL_WIDTH - 2 * MARGIN) + MARGIN;
  const colour = isBetterHigh ? "good" : "bad";
  const label = `${percent(mean)} per cent, from ${percent(low)} to ${percent(high)}`;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((tick) => line(x(tick), { from: 5, to: 13 }));
  return svg({ width: INTERVAL_WIDTH, height: 18, label }, [
    `<line class="axis" x1="${MARGIN}" x2="${INTERVAL_WIDTH - MARGIN}" y1="9" y2="9"/>`,
    ...ticks,
    `<rect class="${colour} band" x="${x(low).toFixed(1)}" y="4" width="${Math.max(2, x(high) - x(low)).toFixed(1)}" height="10" rx="2"/>`,
    `<circle class="${colour}" cx="${x(mean).toFixed(1)}" cy="9" r="4"/>`,
  ]);
}

/** One bar of {@link barPlot}. */
export interface Bar {
  readonly label: string;
  readonly count: number;
}

/** Counts as bars, each with its number above and its label below. */
export function barPlot(bars: readonly Bar[]): string {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const step = BAR_WIDTH + 14;
  const label = bars.map((bar) => `${bar.label}: ${bar.count}`).join(", ");
  const base = BARS_HEIGHT + 14;
  const parts = bars.flatMap((bar, index) => {
    const height = (bar.count / most) * BARS_HEIGHT;
    const middle = index * step + step / 2;
    return [
      `<rect class="good" x="${middle - BAR_WIDTH / 2}" y="${(base - height).toFixed(1)}" width="${BAR_WIDTH}" height="${height.toFixed(1)}"/>`,
      bar.count === 0 ? "" : text(middle, { y: base - height - 3, content: String(bar.count) }),
      text(middle, { y: base + 13, content: bar.label }),
    ];
  });
  const width = bars.length * step;
  return svg({ width, height: base + 18, label }, [
    ...parts,
    `<line class="axis" x1="0" x2="${width}" y1="${base}" y2="${base}"/>`,
  ]);
}

/** Shares from 0 to 1 as bars of a fifth each, with those that are exactly 0 and exactly 1 apart. */
export function histogram(values: readonly number[]): string {
  const tops = [0.2, 0.4, 0.6, 0.8, 1] as const;
  const inner = tops.map((top, index) => {
    const count = values.filter((value) => value > (tops[index - 1] ?? 0) && value <= top && value < 1).length;
    return { label: top === 1 ? "<100" : `≤${Math.round(top * 100)}`, count };
  });
  const count = (wanted: number): number => values.filter((value) => value === wanted).length;
  return barPlot([{ label: "0", count: count(0) }, ...inner, { label: "100", count: count(1) }]);
}

function svg(
  { width, height, label }: { readonly width: number; readonly height: number; readonly label: string },
  parts: readonly string[],
): string {
  return `<svg role="img" aria-label="${escapeHtml(label)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${parts.join("")}</svg>`;
}

function line(x: number, { from, to }: { readonly from: number; readonly to: number }): string {
  return `<line class="axis" x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${from}" y2="${to}"/>`;
}

function text(x: number, { y, content }: { readonly y: number; readonly content: string }): string {
  return `<text x="${x}" y="${y.toFixed(1)}">${escapeHtml(content)}</text>`;
}
