import { isPlaceholder, isRandom } from "./placeholder.ts";

/** A stretch of a text that must not be kept. */
export interface Secret {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** What it is, such as `AWS access key`. */
  readonly name: string;
}

/** How one kind of secret looks. The first group is the secret; without a group the whole match. */
interface SecretRule {
  readonly name: string;
  readonly pattern: RegExp;
  /** Words of which a matching text has at least one: a cheap test before the pattern. */
  readonly hints: readonly string[];
  /** Whether a matching value really is a secret. Default: it is, unless it is a placeholder. */
  readonly isReal?: (value: string) => boolean;
}

const isNoPlaceholder = (value: string): boolean => !isPlaceholder(value);
/** For values whose surroundings alone say little. */
const isRandomValue = (value: string): boolean => !isPlaceholder(value) && isRandom(value);

/** A private key has at least so many characters between its marks; a page about keys shows fewer. */
const SHORTEST_KEY = 64;

function isKeyBody(value: string): boolean {
  const body = value.replaceAll(/-----[^-]*-----/g, "").replaceAll(/\\[nr]|[^A-Za-z0-9+/=]/g, "");
  return body.length >= SHORTEST_KEY && !value.includes("...");
}

const RULES: readonly SecretRule[] = [
  {
    name: "private key",
    // A key whose end is missing is still secret.
    pattern:
      /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\\[nr]|[A-Za-z0-9+/=\s:,.>|"'-](?!----BEGIN))*?(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|(?=[^A-Za-z0-9+/=\s:,.>|"'\\-])|$)/dg,
    hints: ["PRIVATE KEY"],
    isReal: isKeyBody,
  },
  {
    name: "AWS access key",
    pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/dg,
    hints: ["AKIA", "ASIA", "ABIA", "ACCA"],
  },
  {
    name: "AWS secret key",
    pattern: /aws.{0,20}?secret.{0,30}?["'\s:=>]([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/dgi,
    hints: ["aws", "AWS", "Aws"],
  },
  { name: "Google API key", pattern: /\bAIza[\w-]{35}(?![\w-])/dg, hints: ["AIza"] },
  { name: "Google OAuth secret", pattern: /\bGOCSPX-[\w-]{28}(?![\w-])/dg, hints: ["GOCSPX-"] },
  {
    name: "GitHub token",
    pattern: /\bgh[pousr]_[A-Za-z0-9]{36,251}\b/dg,
    hints: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
  },
  { name: "GitHub token", pattern: /\bgithub_pat_\w{50,}\b/dg, hints: ["github_pat_"] },
  {
    name: "GitLab token",
    pattern: /\bgl(?:pat|ptt|dt|rt|soat|cbt)-[\w-]{20,}/dg,
    hints: ["glpat-", "glptt-", "gldt-", "glrt-", "glsoat-", "glcbt-"],
  },
  { name: "Slack token", pattern: /\bxox[abeoprs]-(?:\d+-)*[A-Za-z0-9-]{10,}/dg, hints: ["xox"] },
  { name: "Slack token", pattern: /\bxapp-\d-[A-Z0-9]+-\d+-[a-f0-9]{32,}/dg, hints: ["xapp-"] },
  {
    name: "Slack webhook",
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9+/]{30,})/dg,
    hints: ["hooks.slack.com"],
  },
  { name: "Anthropic key", pattern: /\bsk-ant-[\w-]{20,}/dg, hints: ["sk-ant-"] },
  {
    name: "OpenAI key",
    pattern: /\bsk-(?:proj-|svcacct-|admin-|None-)?[\w-]{20,}/dg,
    hints: ["sk-"],
    isReal: isRandomValue,
  },
  {
    name: "Stripe key",
    pattern: /\b[rs]k_(?:live|test|prod)_[A-Za-z0-9]{16,}\b/dg,
    hints: ["k_live_", "k_test_", "k_prod_"],
  },
  { name: "Hugging Face token", pattern: /\bhf_[A-Za-z0-9]{30,}\b/dg, hints: ["hf_"] },
  { name: "npm token", pattern: /\bnpm_[A-Za-z0-9]{36}\b/dg, hints: ["npm_"] },
  { name: "PyPI token", pattern: /\bpypi-AgE[\w-]{50,}/dg, hints: ["pypi-AgE"] },
  { name: "SendGrid key", pattern: /\bSG\.[\w-]{16,}\.[\w-]{16,}/dg, hints: ["SG."] },
  { name: "Telegram token", pattern: /\b\d{8,10}:AA[\w-]{33}(?![\w-])/dg, hints: [":AA"] },
  {
    name: "JSON web token",
    pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}/dg,
    hints: ["eyJ"],
  },
  {
    name: "password in an address",
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/?#@"'<>`]{0,100}:([^\s/?#@"'<>`]{1,200})@[\w.[\]-]/dgi,
    hints: ["://"],
  },
  {
    name: "Azure storage key",
    pattern: /AccountKey=([A-Za-z0-9+/]{86}==)/dg,
    hints: ["AccountKey="],
  },
  {
    name: "access token",
    pattern: /\b(?:bearer|authorization:\s*(?:basic|token))\s+([\w.~+/=-]{20,})/dgi,
    hints: ["earer ", "BEARER ", "uthorization:"],
    isReal: isRandomValue,
  },
  {
    name: "password or key",
    // An assignment as settings, code and JSON have it, of something that is named a secret.
    pattern:
      /(?:api[_-]?key|access[_-]?key|secret|token|passw(?:or)?d|pwd|private[_-]?key|credentials?)(?:[_-]?(?:key|id|value))?["'`]?\s{0,4}(?::|=|=>|:=)\s{0,4}["'`]?([\w.~+/=!@#$%^&*-]{12,200})(?=["'`,;\s)\]}]|$)/dgi,
    hints: ["ey", "EY", "ecret", "ECRET", "oken", "OKEN", "ass", "ASS", "pwd", "PWD", "redential", "REDENTIAL"],
    isReal: isRandomValue,
  },
];

/** Finds secrets whose kind shows in their form. They may overlap. */
export function findByRules(text: string): readonly Secret[] {
  const found: Secret[] = [];
  for (const { name, pattern, hints, isReal = isNoPlaceholder } of RULES) {
    if (!hints.some((hint) => text.includes(hint))) continue;
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.[1] ?? match.indices?.[0] ?? [0, 0];
      const value = text.slice(start, end);
      if (isReal(value)) found.push({ start, end, name });
    }
  }
  return found;
}
