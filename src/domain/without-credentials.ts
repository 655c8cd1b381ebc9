/** An address as messages may show it: without a user and a password, either of which may be a key. */
export function withoutCredentials(address: string): string {
  // Where an address cannot be read, nobody knows at which mark a password in it ends.
  return address.replace(URL.canParse(address) ? /\/\/[^/?#]*@/ : /\/\/.*@/s, "//");
}
