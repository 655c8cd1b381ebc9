import robotsModule from "robots-parser";

/** Name that rules for this program are under in a `robots.txt`. */
export const ROBOT_NAME = "citewell";

/** Largest `robots.txt` that is read, in bytes; what RFC 9309 asks for. */
export const MAX_ROBOTS_BYTES = 512_000;

type ParseRobots = typeof robotsModule.default;

/** The package gives the function itself, while its types promise a module with a default export. */
const parse: ParseRobots = asParser(robotsModule);

function asParser(value: unknown): ParseRobots {
  const isParser = (candidate: unknown): candidate is ParseRobots => typeof candidate === "function";
  if (isParser(value)) return value;
  throw new TypeError("robots-parser has no function to offer.");
}

/** What a site asks of robots. */
export interface RobotsRules {
  readonly allows: (url: URL) => boolean;
  /** Milliseconds to wait between requests; 0 where nothing is asked. */
  readonly delayMs: number;
}

/** Rules of a site without a `robots.txt`. */
export const NO_ROBOTS_RULES: RobotsRules = { allows: () => true, delayMs: 0 };

/** Reads the `robots.txt` of a site. */
export function parseRobots(origin: string, bytes: Uint8Array): RobotsRules {
  const address = `${origin}/robots.txt`;
  // A wrong byte spoils its own rule only.
  const rules = parse(address, new TextDecoder().decode(bytes));
  const seconds = rules.getCrawlDelay(ROBOT_NAME) ?? 0;
  return {
    allows: (url) => rules.isAllowed(url.href, ROBOT_NAME) ?? true,
    delayMs: Number.isFinite(seconds) ? Math.max(0, seconds * 1_000) : 0,
  };
}
