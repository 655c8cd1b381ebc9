import { setImmediate as nextTurn } from "node:timers/promises";
import { isPlaceholder } from "./placeholder.ts";
import { findByRules, type Secret } from "./secret-rules.ts";

/** secretlint rules whose findings cover too much or too little; those of `secret-rules.ts` find the same exactly. */
const LEFT_TO_OWN_RULES: ReadonlySet<string> = new Set([
  "database-connection-string",
  "basicauth",
  "privatekey",
  "IncomingWebhook",
]);
/** Keys of a finding that describe it and do not hold the secret. */
const DESCRIPTIONS: ReadonlySet<string> = new Set(["typeName", "type", "provider"]);
/** Spellings of vendors that capitalising does not give. */
const VENDORS: Readonly<Record<string, string>> = {
  aws: "AWS",
  gcp: "Google Cloud",
  github: "GitHub",
  gitlab: "GitLab",
  "hashicorp-vault": "Vault",
  huggingface: "Hugging Face",
  npm: "npm",
  openai: "OpenAI",
  sendgrid: "SendGrid",
};

/** How many characters are searched before other work of the thread gets a turn. */
const WINDOW = 400_000;
/** How many characters two neighbouring windows share: more than the longest secret has. */
const OVERLAP = 20_000;

/** Finds the secrets of a text, in order and without overlaps; where two overlap, both together count as one. */
export async function findSecrets(text: string, source: string): Promise<readonly Secret[]> {
  const found: Secret[] = [];
  for (let from = 0; from === 0 || from + OVERLAP < text.length; from += WINDOW) {
    const part = text.slice(from, from + WINDOW + OVERLAP);
    const inPart = [...findByRules(part), ...(await findByLinter(part, source))];
    found.push(...inPart.map(({ start, end, name }) => ({ start: from + start, end: from + end, name })));
    if (part.length < text.length) await nextTurn();
  }
  const merged: Secret[] = [];
  for (const secret of found.toSorted((left, right) => left.start - right.start || right.end - left.end)) {
    const last = merged.at(-1);
    if (last !== undefined && secret.start < last.end) {
      merged[merged.length - 1] = { ...last, end: Math.max(last.end, secret.end) };
    } else merged.push(secret);
  }
  return merged;
}

/** The findings of secretlint's recommended rules, which know the tokens of some twenty-five vendors. */
async function findByLinter(text: string, source: string): Promise<readonly Secret[]> {
  const [{ lintSource }, { creator }, { secretLintProfiler }] = await Promise.all([
    import("@secretlint/core"),
    import("@secretlint/secretlint-rule-preset-recommend"),
    import("@secretlint/profiler"),
  ]);
  // The profiler would keep a record of every file in memory for as long as the process lives.
  secretLintProfiler.setEnabled(false);
  const id = "@secretlint/secretlint-rule-preset-recommend";
  const { messages } = await lintSource({
    // A comment in a document must not switch the rules off; the replacement is of the same length.
    source: { filePath: source, content: text.replaceAll("secretlint-", "secretlint_"), contentType: "text" },
    options: { config: { rules: [{ id, rule: creator, options: {} }] }, noPhysicFilePath: true },
  });
  return messages.flatMap(({ ruleId, messageId, range, data }) => {
    const vendor = ruleId.slice(ruleId.indexOf("secretlint-rule-") + "secretlint-rule-".length);
    if (LEFT_TO_OWN_RULES.has(vendor) || LEFT_TO_OWN_RULES.has(messageId)) return [];
    const { start, end } = locate(text, range, data);
    const value = text.slice(start, end);
    // Names such as npm_package_config_… look like a token to some rules; a token without a digit is next to impossible.
    if (isPlaceholder(value) || !/\d/.test(value)) return [];
    return [{ start, end, name: `${VENDORS[vendor] ?? vendor[0]?.toUpperCase() + vendor.slice(1)} key` }];
  });
}

/** Locates a finding. Its range may begin before the secret and end within it, but the finding names the secret. */
function locate(
  text: string,
  [from = 0, to = 0]: readonly number[],
  data: object | undefined,
): { start: number; end: number } {
  for (const [key, value] of Object.entries(data ?? {})) {
    if (DESCRIPTIONS.has(key) || typeof value !== "string" || value === "") continue;
    const start = text.indexOf(value, from);
    if (start !== -1 && start <= to) return { start, end: start + value.length };
  }
  return { start: from, end: to };
}
