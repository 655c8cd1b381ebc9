import { CitewellError } from "../../src/errors.ts";

/** Longest address that is fetched, in characters; longer ones come from traps that add to them at every step. */
const MAX_ADDRESS_LENGTH = 1_000;

/** Whether a root is a web address rather than a path. */
export function isWebAddress(given: string): boolean {
  return /^[a-z][a-z\d+.-]+:\/\//i.test(given.trim());
}

/**
 * Parses a web address and drops its fragment, which names a place within the page. Odd ways to write a host, such as
 * `0x7f000001`, come out as the address they mean.
 *
 * @throws CitewellError `usage_invalid` for another scheme than http and https, for an address that cannot be read, that is
 * too long, or that holds a user name or a password. The message never repeats a password.
 */
export function parseWebAddress(given: string): URL {
  const text = given.trim();
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) {
    const shown = JSON.stringify(text.replace(/\/\/[^/?#]*@/, "//…@").slice(0, 100));
    throw invalid(`${shown} is not a web address; give one such as https://example.com/docs/.`);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw invalid(`Addresses that begin with ${url.protocol} cannot be fetched; give one with http:// or https://.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw invalid(
      `The address of ${url.host} holds a user name or a password, and an address is stored and shown: leave them out. ` +
        "Pages behind a login cannot be fetched; save them to files.",
    );
  }
  if (url.href.length > MAX_ADDRESS_LENGTH) {
    throw invalid(`An address on ${url.host} has more than ${MAX_ADDRESS_LENGTH} characters; give a shorter one.`);
  }
  url.hash = "";
  return url;
}

/** A host without the brackets around an IPv6 address and the dot that may end a name. */
export function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}

function invalid(message: string): CitewellError {
  return new CitewellError("usage_invalid", message, { problems: [{ path: "url", message }] });
}
