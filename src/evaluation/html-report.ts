import type { EvalReport, QuestionResult } from "./eval-report.ts";
import { METRICS } from "./metrics.ts";

const PLOT_WIDTH = 320;
const WORST = 40;

/** The report as one HTML page that needs nothing else. */
export function htmlReport(report: EvalReport): string {
  const { questionsFile, collection, embeddingModel, createdAt, model, questions, unanswerable, stale } = report;
  const rows = METRICS.flatMap(({ name, about, isBetterHigh }) => {
    const interval = report.metrics[name];
    if (interval === undefined) return [];
    const numbers = `${percent(interval.mean)} [${percent(interval.low)}, ${percent(interval.high)}]`;
    return `<tr><th scope="row">${name}</th><td class="n">${numbers}</td><td class="n">${interval.n}</td><td>${intervalPlot(interval, isBetterHigh)}</td><td>${escapeHtml(about)}</td></tr>`;
  });
  const histograms = ["recallAt5", "ndcgAt10", "spanRecall", "iou", "answerF1"].flatMap((name) => {
    const values = report.results.flatMap(({ metrics }) => metrics[name] ?? []);
    return values.length === 0
      ? []
      : `<figure>${histogram(values)}<figcaption>${name}, by question</figcaption></figure>`;
  });
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Evaluation of ${escapeHtml(collection)}</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;max-width:68rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}
.n{font-variant-numeric:tabular-nums;white-space:nowrap}figure{display:inline-block;margin:.5rem 1.5rem .5rem 0}
figcaption{font-size:.85rem;color:#555}.bar{fill:#3b6ea5}.low{fill:#a5553b}.axis{stroke:#bbb}
@media(prefers-color-scheme:dark){body{background:#161616;color:#e8e8e8}th,td{border-color:#333}figcaption{color:#aaa}}
</style>
<h1>Evaluation of “${escapeHtml(collection)}”</h1>
<p>${questions} questions of ${escapeHtml(questionsFile)}, ${unanswerable} of them unanswerable; ${escapeHtml(embeddingModel)}${model === null ? "" : `, answered by ${escapeHtml(model)}`}; ${createdAt.slice(0, 16).replace("T", " ")} UTC, ${report.seconds} s.</p>
<h2>Measures</h2>
<p>Per cent, with the middle 95 % of the bootstrap over questions.</p>
<table><thead><tr><th>measure</th><th>mean</th><th>questions</th><th></th><th>what</th></tr></thead><tbody>${rows.join("\n")}</tbody></table>
${histograms.join("\n")}
${stale.length === 0 ? "" : `<h2>Labels that do not fit any more</h2><ul>${stale.map((label) => `<li>${escapeHtml(`${label.id}: ${label.source}: ${label.reason}`)}</li>`).join("")}</ul>`}
<h2>Questions that went worst</h2>
<table><thead><tr><th>question</th><th>measures</th><th>found</th></tr></thead><tbody>${worstOf(report.results).map(questionRow).join("\n")}</tbody></table>
</html>
`;
}

function worstOf(results: readonly QuestionResult[]): readonly QuestionResult[] {
  return results
    .map((result) => ({ result, value: qualityOf(result) }))
    .filter(({ value }) => value < 1)
    .toSorted((left, right) => left.value - right.value)
    .slice(0, WORST)
    .map(({ result }) => result);
}

/** What a question's rank in the list of the worst depends on. */
function qualityOf({ metrics }: QuestionResult): number {
  const abstains = metrics["rightAbstention"] ?? metrics["rightRefusal"];
  return abstains ?? metrics["ndcgAt10"] ?? metrics["factsHeld"] ?? 1;
}

function questionRow({ id, question, metrics, found, answer }: QuestionResult): string {
  const values = Object.entries(metrics).map(([name, value]) => `${name} ${value}`);
  const said = answer === undefined ? "" : `<p>${escapeHtml(answer)}</p>`;
  return `<tr><td><b>${escapeHtml(id)}</b><br>${escapeHtml(question)}${said}</td><td>${values.map(escapeHtml).join("<br>")}</td><td>${found.map(escapeHtml).join("<br>")}</td></tr>`;
}

function intervalPlot({ mean, low, high }: { mean: number; low: number; high: number }, isBetterHigh: boolean): string {
  const x = (value: number): string => (Math.min(1, Math.max(0, value)) * (PLOT_WIDTH - 10) + 5).toFixed(1);
  const label = `${percent(mean)}, from ${percent(low)} to ${percent(high)}`;
  return `<svg role="img" aria-label="${label}" width="${PLOT_WIDTH}" height="16"><line class="axis" x1="5" x2="${PLOT_WIDTH - 5}" y1="8" y2="8"/><rect class="${isBetterHigh ? "bar" : "low"}" opacity=".35" x="${x(low)}" y="4" width="${Math.max(1, Number(x(high)) - Number(x(low))).toFixed(1)}" height="8"/><circle class="${isBetterHigh ? "bar" : "low"}" cx="${x(mean)}" cy="8" r="4"/></svg>`;
}

function histogram(values: readonly number[]): string {
  const bins = Array.from(
    { length: 10 },
    (_, bin) => values.filter((value) => Math.min(9, Math.floor(value * 10)) === bin).length,
  );
  const most = Math.max(1, ...bins);
  const bars = bins.map((count, bin) => {
    const height = (count / most) * 60;
    return `<rect class="bar" x="${bin * 18}" y="${(64 - height).toFixed(1)}" width="16" height="${height.toFixed(1)}"><title>${bin * 10} to ${bin * 10 + 10} %: ${count}</title></rect>`;
  });
  return `<svg role="img" aria-label="from 0 to 100 per cent: ${bins.join(", ")}" width="180" height="66">${bars.join("")}<line class="axis" x1="0" x2="180" y1="65" y2="65"/></svg>`;
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
