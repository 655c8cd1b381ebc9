import { countOf } from "../domain/count-of.ts";
import { escapeHtml } from "../domain/escape-html.ts";
import type { EvalReport, MeasuredReference, QuestionResult } from "./eval-report.ts";
import { barPlot, histogram, intervalPlot } from "./html-plots.ts";
import { METRICS, percent } from "./metrics.ts";

const WORST = 40;

const STYLE = `
:root{color-scheme:light dark;--text:#1c1c1c;--page:#fff;--faint:#5f5f5f;--line:#d9d9d9;--good:#2f6aa8;--bad:#a8502f;--box:#f5f6f8}
@media(prefers-color-scheme:dark){:root{--text:#e6e6e6;--page:#17181a;--faint:#a2a2a2;--line:#383a3e;--good:#6ea8e0;--bad:#e0906e;--box:#212327}}
body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:var(--text);background:var(--page)}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.2rem}.faint,figcaption,.what{color:var(--faint);font-size:.87rem}
.box{background:var(--box);padding:.7rem 1rem;border-radius:.4rem}.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
th[scope=row]{font-weight:600}.n{font-variant-numeric:tabular-nums;white-space:nowrap;text-align:right}
td.long{overflow-wrap:anywhere;min-width:13rem}ul.plain{margin:0;padding:0;list-style:none}
figure{display:inline-block;margin:.5rem 2rem .5rem 0}svg{max-width:100%}svg text{font:11px system-ui,sans-serif;fill:var(--faint);text-anchor:middle}
.good{fill:var(--good)}.bad{fill:var(--bad)}.band{opacity:.35}.axis{stroke:var(--line)}summary{cursor:pointer}pre{white-space:pre-wrap;font:inherit;margin:.3rem 0}`;

/** The report as one HTML page that needs nothing else. */
export function htmlReport(report: EvalReport): string {
  const { collection, stale, results } = report;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evaluation of ${escapeHtml(collection)}</title>
<style>${STYLE}
</style></head><body>
<h1>Evaluation of “${escapeHtml(collection)}”</h1>
${headOf(report)}
<h2>Measures</h2>
<p class="faint">Means over questions in per cent, on a scale from 0 to 100. The band is the middle 95 % of a bootstrap over questions: had other questions of the same kind been asked, the mean would probably lie within it. Blue is better the higher it is, brown the lower.</p>
<div class="scroll"><table><thead><tr><th>measure</th><th class="n">mean</th><th class="n">95 % interval</th><th class="n">questions</th><th></th><th>what it says</th></tr></thead><tbody>
${metricRows(report)}
</tbody></table></div>
<h2>By question</h2>
${plotsOf(results)}
${stale.length === 0 ? "" : staleList(stale)}
${worstTable(results)}
${allTable(results)}
</body></html>
`;
}

function headOf(report: EvalReport): string {
  const { questionsFile, embeddingModel, createdAt, model, questions, unanswerable, seconds, interrupted } = report;
  const answered = model === null ? "searches only, without answers" : `answered by ${escapeHtml(model)}`;
  const head = `<p class="box">${countOf(questions, "question")} of <b>${escapeHtml(questionsFile)}</b>, ${unanswerable} of them unanswerable; ${answered}. Embedding model ${escapeHtml(embeddingModel)}. ${createdAt.slice(0, 16).replace("T", " ")} UTC, ${seconds} s.</p>`;
  const remarks = [
    ...(interrupted === true ? ["The run was interrupted: the last questions are missing."] : []),
    ...(report.remarks ?? []),
  ];
  return [head, ...remarks.map((remark) => `<p><b>${escapeHtml(remark)}</b></p>`)].join("\n");
}

function metricRows({ metrics }: EvalReport): string {
  return METRICS.flatMap(({ name, about, isBetterHigh }) => {
    const interval = metrics[name];
    if (interval === undefined) return [];
    const { mean, low, high, n } = interval;
    return `<tr><th scope="row">${name}</th><td class="n">${percent(mean)}</td><td class="n">${percent(low)} to ${percent(high)}</td><td class="n">${n}</td><td>${intervalPlot(interval, isBetterHigh)}</td><td class="what">${escapeHtml(about)}</td></tr>`;
  }).join("\n");
}

function plotsOf(results: readonly QuestionResult[]): string {
  const ranks = results.flatMap(({ references }) => references?.map(({ rank }) => rank) ?? []);
  const count = (from: number, to: number): number =>
    ranks.filter((rank) => rank !== null && rank >= from && rank <= to).length;
  const rankBars = [
    ...[1, 2, 3].map((rank) => ({ label: String(rank), count: count(rank, rank) })),
    { label: "4–5", count: count(4, 5) },
    { label: "6–10", count: count(6, 10) },
    { label: "none", count: ranks.filter((rank) => rank === null).length },
  ];
  const rankPlot =
    ranks.length === 0
      ? []
      : [`<figure>${barPlot(rankBars)}<figcaption>references by the rank that finds them</figcaption></figure>`];
  const shares = ["spanRecall", "iou", "answerF1", "mustHeld", "citationSupported"].flatMap((name) => {
    const values = results.flatMap(({ metrics }) => metrics[name] ?? []);
    return values.length === 0
      ? []
      : [`<figure>${histogram(values)}<figcaption>questions by ${name}, in per cent</figcaption></figure>`];
  });
  return [...rankPlot, ...shares].join("\n");
}

function staleList(stale: EvalReport["stale"]): string {
  const items = stale.map(({ id, source, reason }) => `<li>${escapeHtml(`${id}: ${source}: ${reason}`)}</li>`);
  return `<h2>Labels that do not fit any more (${stale.length})</h2>
<p class="faint">What these questions ask for is not in the collection as it is labelled. They are not ranked.</p>
<ul>${items.join("")}</ul>`;
}

function worstTable(results: readonly QuestionResult[]): string {
  const flawed = results
    .map((result) => ({ result, value: qualityOf(result) }))
    .filter(({ value }) => value < 1)
    .toSorted((left, right) => left.value - right.value);
  if (flawed.length === 0) return "<h2>Questions that went wrong</h2>\n<p>None.</p>";
  const shown = flawed.slice(0, WORST).map(({ result }) => result);
  const more = flawed.length > WORST ? `, the worst ${WORST} of ${flawed.length}` : "";
  return `<h2>Questions that went wrong (${flawed.length}${more})</h2>
<p class="faint">A reference that is not first, a refusal that is wrong, or an answer without what it must say.</p>
${questionTable(shown)}`;
}

function allTable(results: readonly QuestionResult[]): string {
  return `<details><summary><h2 style="display:inline">All questions (${results.length})</h2></summary>
${questionTable(results)}
</details>`;
}

function questionTable(results: readonly QuestionResult[]): string {
  return `<div class="scroll"><table><thead><tr><th>question</th><th>wanted</th><th>found by a plain search</th><th>measures</th></tr></thead><tbody>
${results.map(questionRow).join("\n")}
</tbody></table></div>`;
}

function questionRow({ id, question, metrics, found, references = [], answer }: QuestionResult): string {
  const values = Object.entries(metrics).map(([name, value]) => `${name} ${percent(value)}`);
  const said =
    answer === undefined ? "" : `<details><summary>answer</summary><pre>${escapeHtml(answer)}</pre></details>`;
  const details = `<details><summary>${values.length}</summary>${listOf(values)}</details>`;
  return `<tr><td class="long">${escapeHtml(question)}<br><span class="faint">${escapeHtml(id)}</span>${said}</td><td class="long">${listOf(references.map(wantedText))}</td><td class="long">${listOf(found)}</td><td>${details}</td></tr>`;
}

function wantedText({ source, start, end, rank }: MeasuredReference): string {
  const place = start === null ? source : `${source}, characters ${start} to ${end}`;
  return `${place}: ${rank === null ? "not among ten" : `rank ${rank}`}`;
}

function listOf(items: readonly string[]): string {
  return `<ul class="plain">${items.map((item) => `<li>${escapeHtml(item)}</li>`).join("")}</ul>`;
}

/** The weakest side of a question, so that a good ranking does not hide a bad answer. */
function qualityOf({ metrics }: QuestionResult): number {
  const high = ["mrr", "rightRefusal", "mustHeld", "rightAbstention"].map((name) => metrics[name] ?? 1);
  const low = ["wrongRefusal", "wrongAbstention"].map((name) => 1 - (metrics[name] ?? 0));
  return Math.min(...high, ...low);
}
