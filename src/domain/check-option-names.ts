/** The options of a function or class, for {@link checkOptionNames}. */
export interface KnownOptions {
  /** What the options belong to, as a message names it: `retrieveConfig`, `GroupChat`. */
  readonly owner: string;
  /** Their names: a record, so that the compiler asks for every one of them. */
  readonly known: Readonly<Record<string, true>>;
  /** What to write in place of options that are known from elsewhere, by their name in camelCase. @default none */
  readonly instead?: Readonly<Record<string, string>>;
}

/**
 * Throws a `TypeError` for an option that nothing reads: left alone, it would do nothing and nobody would know. The
 * message names the option that was meant, also when it was written in snake_case.
 */
export function checkOptionNames(options: object, { owner, known, instead = {} }: KnownOptions): void {
  for (const key of Object.keys(options)) {
    if (Object.hasOwn(known, key)) continue;
    const camel = toCamelCase(key);
    const meant = Object.keys(known).find((name) => name.toLowerCase() === camel.toLowerCase());
    const all = `known are ${Object.keys(known).join(", ")}`;
    const advice = Object.hasOwn(instead, camel) ? instead[camel] : meant === undefined ? all : `write ${meant}`;
    throw new TypeError(`${owner}.${key} is not supported: ${advice ?? all}.`);
  }
}

/** A name of Python's as it is written here. */
export function toCamelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
