import type { PartState } from "../../answering/use-cases.ts";
import { describeConfig, type DescribedSetting } from "../../config/describe-config.ts";
import { isCitewellError } from "../../errors.ts";
import type { CommandContext } from "../command-context.ts";
import { EXIT_DONE, EXIT_FAILED, EXIT_OUT_OF_REACH } from "../exit-codes.ts";
import { formatTable } from "../output/text-layout.ts";

/** Checks every part, and prints the effective settings with where each came from. */
export async function runDoctor(context: CommandContext): Promise<number> {
  const parts = await checkAll(context);
  const settings = describeConfig(context.config);
  const failed = parts.filter(({ ok }) => !ok);
  if (context.flags.json) context.printJson({ ok: failed.length === 0, parts, settings });
  else context.print(formatReport(context, { parts, settings }));
  if (failed.length === 0) return EXIT_DONE;
  return failed.some(({ part }) => part === "store") ? EXIT_OUT_OF_REACH : EXIT_FAILED;
}

/** A store that is out of reach may already fail while everything is opened; that is a finding, not the end. */
async function checkAll(context: CommandContext): Promise<readonly PartState[]> {
  try {
    const { checkParts } = await context.useCases();
    return await checkParts();
  } catch (error) {
    if (!isCitewellError(error)) throw error;
    const part = error.code.startsWith("store_")
      ? "store"
      : error.code.startsWith("embedding_")
        ? "embedding model"
        : error.code.startsWith("model_")
          ? "language model"
          : undefined;
    if (part === undefined) throw error;
    return [{ part, ok: false, detail: error.message }];
  }
}

function formatReport(
  { colors }: CommandContext,
  { parts, settings }: { readonly parts: readonly PartState[]; readonly settings: readonly DescribedSetting[] },
): string {
  const checks = parts.map(({ part, ok, detail }) => [ok ? colors.green("ok") : colors.red("FAILS"), part, detail]);
  const shown = settings.map(({ name, value, origin }) => [
    name,
    value === "" ? colors.dim("–") : value,
    colors.dim(origin),
  ]);
  return [
    colors.bold("Parts"),
    formatTable(checks, { indent: "  " }),
    "",
    colors.bold("Settings"),
    formatTable(shown, { indent: "  " }),
  ].join("\n");
}
