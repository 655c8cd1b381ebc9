const OLDEST = { major: 22, minor: 18 };

/** Says what is wrong with a version of Node.js such as `20.11.1`; undefined if it will do. */
export function checkNodeVersion(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return undefined;
  return `Node.js ${OLDEST.major}.${OLDEST.minor} or newer is needed, and this is ${version}; install a newer one from https://nodejs.org.`;
}
