/** Files of settings that show what to fill in; they hold no real secrets. */
const TEMPLATE = /[._-](?:example|sample|template|dist|defaults?|schema)$/i;
const ENVIRONMENT_FILE = /^\.env(?:[._-].+)?$/i;
/** Names that programs give to files of keys and passwords. */
const KEY_FILE =
  /^(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|\.netrc|_netrc|\.pgpass|\.htpasswd|\.git-credentials|.+\.(?:p12|pfx|jks|keystore|kdbx|ppk))$/i;

/** Why a source is left out because of its name; null where its content decides. */
export function secretFileReason(source: string): string | null {
  const name = source.slice(source.lastIndexOf("/") + 1);
  if (ENVIRONMENT_FILE.test(name) && !TEMPLATE.test(name)) {
    return "a file of environment variables, which often hold passwords; use --allow-secrets to read it";
  }
  return KEY_FILE.test(name) ? "a file of keys or passwords; use --allow-secrets to read it" : null;
}
