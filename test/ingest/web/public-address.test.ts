import { describe, expect, it } from "vitest";
import { isPublicAddress, resolvePublicly } from "../../../ingest/web/public-address.ts";
import { parseWebAddress } from "../../../ingest/web/web-address.ts";

describe("isPublicAddress", () => {
  it.each([
    ["loopback", "127.0.0.1"],
    ["loopback, any of its addresses", "127.9.9.9"],
    ["unspecified", "0.0.0.0"],
    ["private, ten", "10.1.2.3"],
    ["private, 172.16 to 31", "172.31.255.255"],
    ["private, 192.168", "192.168.1.1"],
    ["shared by providers", "100.64.0.1"],
    ["link-local", "169.254.1.1"],
    ["metadata of a cloud", "169.254.169.254"],
    ["Azure's service for its machines", "168.63.129.16"],
    ["multicast", "224.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["documentation", "203.0.113.7"],
    ["benchmarking", "198.19.0.1"],
    ["loopback, IPv6", "::1"],
    ["unspecified, IPv6", "::"],
    ["unique local", "fd00::1"],
    ["metadata of a cloud, IPv6", "fd00:ec2::254"],
    ["link-local, IPv6", "fe80::1"],
    ["link-local with a zone", "fe80::1%eth0"],
    ["multicast, IPv6", "ff02::1"],
    ["IPv4 mapped", "::ffff:127.0.0.1"],
    ["IPv4 mapped, in hex", "::ffff:7f00:1"],
    ["IPv4 mapped, public", "::ffff:8.8.8.8"],
    ["IPv4 compatible", "::127.0.0.1"],
    ["NAT64", "64:ff9b::7f00:1"],
    ["local NAT64", "64:ff9b:1::1"],
    ["6to4", "2002:7f00:1::"],
    ["Teredo", "2001:0:1::1"],
    ["documentation, IPv6", "2001:db8::1"],
    ["no address", "example.com"],
    ["empty", ""],
  ])("refuses %s: %s", (_name, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(["8.8.8.8", "93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::200e"])(
    "takes %s",
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe("resolvePublicly", () => {
  const never = async (): Promise<never> => {
    throw new Error("An address must not be looked up.");
  };

  it.each([
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://017700000001/",
    "http://0/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://①②⑦.0.0.1/",
    "http://169.254.169.254/latest/meta-data/",
  ])("refuses %s and says how to allow it", async (address) => {
    const checked = resolvePublicly(parseWebAddress(address), { allowPrivateAddresses: false, resolveHost: never });
    await expect(checked).rejects.toMatchObject({
      code: "address_refused",
      message: expect.stringContaining("allowPrivateAddresses (--allow-private-addresses)"),
    });
  });

  it("refuses a name of which one address of several is private", async () => {
    const checked = resolvePublicly(new URL("http://mixed.example/"), {
      allowPrivateAddresses: false,
      resolveHost: async () => [
        { address: "93.184.215.14", family: 4 },
        { address: "10.0.0.7", family: 4 },
      ],
    });
    await expect(checked).rejects.toMatchObject({
      code: "address_refused",
      message: expect.stringContaining("mixed.example leads to 10.0.0.7"),
    });
  });

  it("gives every address of a public name, and of any name where that is allowed", async () => {
    const outside = [{ address: "93.184.215.14", family: 4 } as const];
    const inside = [{ address: "10.0.0.7", family: 4 } as const];
    const ask = async (allowPrivateAddresses: boolean, addresses: typeof outside | typeof inside) =>
      await resolvePublicly(new URL("http://a.example/"), {
        allowPrivateAddresses,
        resolveHost: async () => addresses,
      });
    expect(await ask(false, outside)).toEqual(outside);
    expect(await ask(true, inside)).toEqual(inside);
  });

  it("says that a name leads nowhere", async () => {
    const resolveHost = async (): Promise<never> => {
      throw Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
    };
    await expect(
      resolvePublicly(new URL("http://nowhere.example/"), { allowPrivateAddresses: false, resolveHost }),
    ).rejects.toMatchObject({ code: "page_unavailable", message: expect.stringContaining("nowhere.example") });
  });
});

describe("parseWebAddress", () => {
  it("drops the fragment and tidies what is written in several ways", () => {
    expect(parseWebAddress(" HTTP://Example.COM:80/a/../b?q=1#part ").href).toBe("http://example.com/b?q=1");
  });

  it.each(["file:///etc/passwd", "ftp://example.com/a", "javascript:alert(1)", "gopher://example.com/"])(
    "refuses %s",
    (address) => {
      expect(() => parseWebAddress(address)).toThrow(expect.objectContaining({ code: "usage_invalid" }));
    },
  );

  it.each(["http://anna:secret@example.com/", "http://anna:secret@exa mple.com/", "http://secret@example.com/"])(
    "refuses the credentials in %s without repeating them",
    (address) => {
      expect(() => parseWebAddress(address)).toThrow(
        expect.objectContaining({ code: "usage_invalid", message: expect.not.stringContaining("secret") }),
      );
    },
  );
});
