import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { CitewellError, systemErrorCode } from "../../src/errors.ts";
import { bareHost } from "./web-address.ts";

/** An address that a connection may be made to. */
export interface HostAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Every address of a host name. */
export type ResolveHost = (hostname: string) => Promise<readonly HostAddress[]>;

/** How an error names the setting that allows the refused address. */
const HOW_TO_ALLOW = "allow it with the setting allowPrivateAddresses (--allow-private-addresses)";

// Ranges that do not lead to the public Internet, from the special-purpose registries of IPv4 and IPv6.
const REFUSED_V4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  // Azure's own service inside of each of its virtual machines; elsewhere nobody answers there.
  ["168.63.129.16", 32],
  // Link-local; the metadata service of clouds is at 169.254.169.254.
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];
/** In IPv6 only global unicast is public, except for these ranges. */
const GLOBAL_V6 = ["2000::", 3] as const;
const REFUSED_V6: readonly (readonly [string, number])[] = [
  // Teredo, ORCHID, benchmarking and other protocols.
  ["2001::", 23],
  ["2001:db8::", 32],
  // 6to4 carries any IPv4 address.
  ["2002::", 16],
  ["3fff::", 20],
  ["5f00::", 16],
];

const refused = new BlockList();
for (const [network, prefix] of REFUSED_V4) refused.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of REFUSED_V6) refused.addSubnet(network, prefix, "ipv6");
const global = new BlockList();
global.addSubnet(GLOBAL_V6[0], GLOBAL_V6[1], "ipv6");

/**
 * Whether an IP address leads to the public Internet: not loopback, private, link-local, shared (CGNAT), multicast,
 * unspecified, reserved, or an IPv6 address that stands for an IPv4 address (mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(address: string): boolean {
  const [bare = ""] = address.split("%");
  const family = isIP(bare);
  if (family === 4) return !refused.check(bare, "ipv4");
  // Mapped, NAT64 (64:ff9b::) and unique local addresses lie outside of global unicast.
  return family === 6 && global.check(bare, "ipv6") && !refused.check(bare, "ipv6");
}

/** Asks the system, as every other program does. */
export const resolveBySystem: ResolveHost = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
};

/** Options of {@link resolvePublicly}. */
export interface ResolvePubliclyOptions {
  readonly allowPrivateAddresses: boolean;
  readonly resolveHost: ResolveHost;
}

/**
 * Resolves a URL's host and checks all its addresses. The connection must be made to one of these, and the name must
 * not be resolved again.
 *
 * @throws CitewellError `address_refused` where one of them is not public, `page_unavailable` where the name leads nowhere.
 */
export async function resolvePublicly(
  url: URL,
  { allowPrivateAddresses, resolveHost }: ResolvePubliclyOptions,
): Promise<readonly HostAddress[]> {
  const host = bareHost(url);
  const literal = isIP(host);
  const addresses: readonly HostAddress[] =
    literal === 0 ? await resolveName(host, resolveHost) : [{ address: host, family: literal === 6 ? 6 : 4 }];
  const hidden = addresses.find(({ address }) => !isPublicAddress(address));
  if (hidden === undefined || allowPrivateAddresses) return addresses;
  const what = literal === 0 ? `${host} leads to ${hidden.address}, which is` : `${host} is`;
  const message = `${what} not an address of the public Internet; ${HOW_TO_ALLOW} where you trust it.`;
  throw new CitewellError("address_refused", message, { problems: [{ path: "url", message }] });
}

async function resolveName(host: string, resolveHost: ResolveHost): Promise<readonly HostAddress[]> {
  try {
    const addresses = await resolveHost(host);
    if (addresses.length > 0) return addresses;
    throw unknownHost(host, undefined);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    throw unknownHost(host, error);
  }
}

function unknownHost(host: string, cause: unknown): CitewellError {
  const code = systemErrorCode(cause);
  const isTemporary = code === "EAI_AGAIN" || code === "ETIMEOUT";
  return new CitewellError(
    "page_unavailable",
    isTemporary
      ? `The address of ${host} cannot be looked up now; check the network and try again.`
      : `There is no host of the name ${host}; check the address.`,
    { cause, retryable: isTemporary },
  );
}
