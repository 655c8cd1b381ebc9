import { EXTRACTIVE_MODEL } from "./agents/extractive-assistant.ts";
import type { Config } from "./config.ts";
import { CitewellError } from "./errors.ts";
import { readConfigList, type ModelConfig } from "./language-model/config-list.ts";
import type { LanguageModel } from "./language-model/language-model.ts";
import { openLanguageModel } from "./language-model/open-language-model.ts";

/** Asked when a key is set and no model is named. */
const DEFAULT_OPENAI_MODEL = "gpt-4.1-mini";

/** The language models of the settings. */
export interface Models {
  /** The default first; `extractive` is always the last. */
  readonly names: readonly string[];
  /** A sentence for `doctor`. */
  readonly description: string;
  /** Opens one of `names`; the others of the list take over when it does not answer. */
  readonly open: (name: string) => Promise<LanguageModel>;
}

/** Reads the model list or the `OPENAI_*` settings; without either only `extractive` is there. */
export async function openModels(config: Config): Promise<Models> {
  const entries = await readEntries(config);
  const names = [...new Set(entries.map(({ model }) => model)), EXTRACTIVE_MODEL];
  const opened = new Map<string, Promise<LanguageModel>>();
  return {
    names,
    description: describe(entries),
    open(name) {
      const known = opened.get(name) ?? openEntry(entries, name);
      opened.set(name, known);
      return known;
    },
  };
}

async function readEntries(config: Config): Promise<readonly ModelConfig[]> {
  const { oaiConfigList, openaiApiKey, openaiBaseUrl, openaiModel } = config;
  if (oaiConfigList !== undefined) return (await readConfigList(oaiConfigList)).entries;
  if (openaiApiKey === undefined && openaiBaseUrl === undefined) {
    if (openaiModel === undefined) return [];
    throw new CitewellError(
      "config_invalid",
      `OPENAI_MODEL is set to ${openaiModel}, but neither OPENAI_API_KEY nor OPENAI_BASE_URL: say where it runs, or unset it.`,
    );
  }
  if (openaiModel === undefined && openaiBaseUrl !== undefined) {
    throw new CitewellError(
      "config_invalid",
      `OPENAI_BASE_URL is set to ${openaiBaseUrl}: name a model of it in OPENAI_MODEL.`,
    );
  }
  return [
    {
      model: openaiModel ?? DEFAULT_OPENAI_MODEL,
      ...(openaiApiKey === undefined ? {} : { apiKey: openaiApiKey }),
      ...(openaiBaseUrl === undefined ? {} : { baseUrl: openaiBaseUrl }),
    },
  ];
}

async function openEntry(entries: readonly ModelConfig[], name: string): Promise<LanguageModel> {
  const model = await openLanguageModel(entries, { model: name });
  if (model === null) throw new CitewellError("model_unknown", `There is no model "${name}" in the settings.`);
  return model;
}

function describe(entries: readonly ModelConfig[]): string {
  if (entries.length === 0) return "none configured: answers are quoted from the documents (extractive)";
  return entries
    .map(({ model, baseUrl }) => `${model}${baseUrl === undefined ? "" : ` at ${baseUrl}`}`)
    .join(", then ");
}
