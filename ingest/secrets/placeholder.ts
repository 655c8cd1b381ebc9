/** Words with which documentation stands in for a secret. */
const STAND_IN =
  /example|sample|placeholder|dummy|fake|your[-_]|[-_]here\b|change[-_]?(?:me|it)|redacted|x{4,}|\*{3,}|\.{3}|…|<[^<>]*>|\$\{|\{\{|^\$\w|^%\w+%?$|^\(?env[.[]|process\.env|os\.environ|█/i;
/** Passwords in example addresses. */
const EXAMPLE_PASSWORD =
  /^(?:pass(?:word|wd|phrase)?|pwd|secret|user(?:name)?|token|key|api[-_]?key|admin|root|test|guest|postgres|hunter2|tiger|my[-_]?(?:pass(?:word|wd)?|secret|token|key)|foo|bar|baz|abc|123|1234|12345|123456|hidden|value|string|none|null|true|false|port|[:$%{<[].*)$/i;

/** Whether a value stands in for a secret rather than being one. */
export function isPlaceholder(value: string): boolean {
  return STAND_IN.test(value) || EXAMPLE_PASSWORD.test(value) || new Set(value).size < Math.min(value.length, 4);
}

/** A random key of letters and digits has at least this entropy in bits per character, at some 20 characters. */
const LEAST_ENTROPY = 3.2;
const LETTER_RUN = /[a-z]{9,}/i;

/** Whether a value looks random: letters and digits, no words, and hardly any character twice. */
export function isRandom(value: string): boolean {
  if (!/\d/.test(value) || !/[a-z]/i.test(value)) return false;
  const isHex = /^[0-9a-f-]+$/i.test(value);
  const isCamel = /[a-z]/.test(value) && /[A-Z]/.test(value);
  if (!isHex && (isCamel || LETTER_RUN.test(value)) && isWordy(value)) return false;
  // Paths, versions and file names are no random values.
  if (/^[\w-]+(?:\.[\w-]+)*\.(?:[a-z]{1,5})$/i.test(value) || /^(?:\.{0,2}\/|[a-z]+:\/\/)/i.test(value)) return false;
  return entropyOf(value) >= (isHex ? 3 : LEAST_ENTROPY);
}

/** Whether most of a value is words: long runs of small letters with vowels in them. */
function isWordy(value: string): boolean {
  const words = value.match(/[A-Z]?[a-z]{3,}/g) ?? [];
  const inWords = words.filter((word) => /[aeiouy]/i.test(word)).reduce((sum, { length }) => sum + length, 0);
  return inWords > value.length * 0.6;
}

function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / value.length) * Math.log2(count / value.length);
  return entropy;
}
