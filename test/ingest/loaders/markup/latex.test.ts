import { describe, expect, it } from "vitest";
import { loadLatex } from "../../../../ingest/loaders/markup/latex.ts";
import { loadedMade } from "../load-made.ts";

describe("LaTeX", () => {
  it("shows headings as Markdown does, and keeps every line in its place", () => {
    const tex = String.raw`\documentclass{article} % keep
% a comment
\title{On \emph{Dense} Retrieval\thanks{Funded}}
\section{Methods \& Data}\label{sec:methods}
We use \texttt{faiss}. % inline
  \subsection*[short]{The {\bf BM25} baseline}
\paragraph{Costs.} They were low.
\begin{verbatim}
\section{not one}
% nor this
\end{verbatim}
\section{}
`;
    expect(loadLatex(tex)).toEqual({
      text: String.raw`\documentclass{article} % keep

\title{On \emph{Dense} Retrieval\thanks{Funded}}
## Methods & Data
We use \texttt{faiss}. % inline
### The BM25 baseline
\paragraph{Costs.} They were low.
\begin{verbatim}
\section{not one}
% nor this
\end{verbatim}
\section{}
`,
      title: "On Dense Retrieval",
    });
  });

  it("is called by its first heading where it has no title", () => {
    expect(loadLatex("\\chapter{Homotopy~types}\r\n%x\r\nText.\r\n")).toEqual({
      text: "# Homotopy types\r\n\r\nText.\r\n",
      title: "Homotopy types",
    });
  });

  it("is plain text otherwise, however odd", async () => {
    const odd = `\\section{never closed\n${"{".repeat(10_000)}\n\\section{${"{a}".repeat(3_000)}\n#1 and ## two`;
    expect(loadLatex(odd)).toEqual({ text: odd, title: null });
    expect(await loadedMade("paper.tex", Buffer.from("\\section{One}\nText.\n"))).toMatchObject({
      language: "latex",
      title: "One",
    });
  });
});
