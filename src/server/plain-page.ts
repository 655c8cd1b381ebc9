import { createHash } from "node:crypto";
import { escapeHtml } from "../domain/escape-html.ts";

const STYLE = `:root{color-scheme:light dark;--line:light-dark(#dfe3e8,#30363f);--soft:light-dark(#f5f6f8,#1c2026);--accent:light-dark(#0b6e63,#5cc8b8);--dim:light-dark(#57606a,#9aa4b0)}
*{box-sizing:border-box}
body{margin:0;background:light-dark(#fff,#14171b);color:light-dark(#1c2126,#e4e8ec);font:16px/1.6 system-ui,sans-serif}
main{max-width:56rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .5rem}h2{font-size:1.2rem;margin:2.5rem 0 .75rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}h3{font-size:1rem;margin:1.25rem 0 .4rem}
a{color:var(--accent)}code,pre{font:.875em/1.5 ui-monospace,monospace}
pre{background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:.75rem 1rem;overflow-x:auto}
details{border:1px solid var(--line);border-radius:10px;margin:.6rem 0}summary{cursor:pointer;padding:.7rem 1rem;display:flex;gap:.75rem;align-items:baseline;flex-wrap:wrap}
details>div{padding:0 1rem 1rem}summary b{font:600 .75rem/1 ui-monospace,monospace;min-width:3.6em;color:var(--accent)}summary span{color:var(--dim);font-size:.9rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem .4rem 0;border-bottom:1px solid var(--line)}th{font-weight:600;color:var(--dim)}
.wide{overflow-x:auto}p{margin:.4rem 0 .8rem}nav a{margin-right:1rem}`;

// A hash instead of 'unsafe-inline': nothing else that looks like a style gets in.
const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** A page without scripts, with the policy header that lets its style through. */
export function plainPage({ title, body }: { readonly title: string; readonly body: string }): {
  readonly html: string;
  readonly policy: string;
} {
  return {
    html: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main>
${body}
</main></body></html>
`,
    policy: `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  };
}
