/** A web address as messages may show it: without user, password and query, any of which may hold a key. */
export function shownAddress(address: string): string {
  const { protocol, host, pathname } = URL.canParse(address) ? new URL(address) : {};
  // Of what cannot be read as an address, nobody knows where a password in it ends.
  if (protocol !== "http:" && protocol !== "https:") return address.replace(/\/\/.*@/s, "//");
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
}
