import { z } from "zod";
import { fencedCode } from "./fenced-code.ts";
import { type LoadedText, tidyTitle } from "./loader.ts";
import { loadMarkdown } from "./markdown.ts";

const source = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(""))]);
const cellSchema = z.object({ cell_type: z.string(), source: source.default("") });
const cellsSchema = z.array(cellSchema);

const notebookSchema = z.object({
  metadata: z
    .object({
      title: z.string().optional(),
      kernelspec: z.object({ language: z.string().optional() }).optional(),
      language_info: z.object({ name: z.string().optional() }).optional(),
    })
    .default({}),
  cells: cellsSchema.optional(),
  // Notebooks of version 3 keep their cells in sheets, and the text of code in `input`.
  worksheets: z
    .array(
      z.object({
        cells: z.array(
          z
            .object({ cell_type: z.string(), source: source.optional(), input: source.optional() })
            .transform((cell) => ({ cell_type: cell.cell_type, source: cell.source ?? cell.input ?? "" })),
        ),
      }),
    )
    .optional(),
});

/**
 * A Jupyter notebook as Markdown: its cells in order, text as it is, code between fences that name the kernel's language.
 * What the cells printed is left out.
 */
export function loadNotebook(text: string): LoadedText {
  const { metadata, cells, worksheets } = notebookSchema.parse(JSON.parse(text));
  const language = metadata.kernelspec?.language ?? metadata.language_info?.name ?? "python";
  const parts: string[] = [];
  for (const cell of cells ?? worksheets?.flatMap((sheet) => sheet.cells) ?? []) {
    const content = cell.source.replace(/^\s*[\r\n]+/, "").trimEnd();
    if (content === "") continue;
    parts.push(cell.cell_type === "code" ? fencedCode(content, language) : content);
  }
  const markdown = parts.length === 0 ? "" : `${parts.join("\n\n")}\n`;
  return { text: markdown, title: tidyTitle(metadata.title) ?? loadMarkdown(markdown).title };
}
