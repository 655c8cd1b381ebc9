import { shownAddress } from "../domain/shown-address.ts";
import { CitewellError } from "../errors.ts";
import { readConfigList, type ConfigList, type ModelConfig } from "./config-list.ts";
import type { LanguageModel } from "./language-model.ts";
import { openLanguageModel } from "./open-language-model.ts";

/** Asked when a key is set and no model is named. */
const DEFAULT_OPENAI_MODEL = "gpt-4.1-mini";

/** How models are configured: a list in AutoGen's form, or one model by OpenAI's names. */
export interface ConfiguredModelsOptions {
  /** The list as JSON text, or the path of a file with it; it goes before the other settings. */
  readonly oaiConfigList?: string;
  /** Key of the endpoint. */
  readonly openaiApiKey?: string;
  /** Address of an OpenAI-compatible endpoint. Default: OpenAI's own. */
  readonly openaiBaseUrl?: string;
  /** Default with a key alone: `gpt-4.1-mini`. */
  readonly openaiModel?: string;
}

/** The configured language models. */
export interface ConfiguredModels {
  /** The default first; empty where none is configured. */
  readonly names: readonly string[];
  /** A sentence for `doctor`. */
  readonly description: string;
  /** Opens one of `names`; the others of the list take over when it does not answer. */
  readonly open: (name: string) => Promise<LanguageModel>;
}

/** Reads the model list or the `OPENAI_*` settings. Rejects with `config_invalid` where they do not fit together. */
export async function readConfiguredModels(options: ConfiguredModelsOptions): Promise<ConfiguredModels> {
  const { entries, warnings } = await readEntries(options);
  const names = [...new Set(entries.map(({ model }) => model))];
  const opened = new Map<string, Promise<LanguageModel>>();
  return {
    names,
    description: [describe(entries), ...warnings].join(". "),
    open(name) {
      const known = opened.get(name) ?? openLanguageModel(entries, { model: name });
      opened.set(name, known);
      return known;
    },
  };
}

async function readEntries(options: ConfiguredModelsOptions): Promise<ConfigList> {
  const { oaiConfigList, openaiApiKey, openaiBaseUrl, openaiModel } = options;
  if (oaiConfigList !== undefined) return readConfigList(oaiConfigList);
  if (openaiApiKey === undefined && openaiBaseUrl === undefined) {
    if (openaiModel === undefined) return { entries: [], warnings: [] };
    throw new CitewellError(
      "config_invalid",
      `OPENAI_MODEL is set to ${openaiModel}, but neither OPENAI_API_KEY nor OPENAI_BASE_URL: say where it runs, or unset it.`,
    );
  }
  if (openaiModel === undefined && openaiBaseUrl !== undefined) {
    throw new CitewellError(
      "config_invalid",
      `OPENAI_BASE_URL is set to ${shownAddress(openaiBaseUrl)}: name a model of it in OPENAI_MODEL.`,
    );
  }
  const entry: ModelConfig = {
    model: openaiModel ?? DEFAULT_OPENAI_MODEL,
    apiKey: openaiApiKey,
    baseUrl: openaiBaseUrl,
  };
  return { entries: [entry], warnings: [] };
}

function describe(entries: readonly ModelConfig[]): string {
  if (entries.length === 0) return "none configured: answers are quoted from the documents (extractive)";
  return entries
    .map(({ model, baseUrl }) => `${model}${baseUrl === undefined ? "" : ` at ${shownAddress(baseUrl)}`}`)
    .join(", then ");
}
