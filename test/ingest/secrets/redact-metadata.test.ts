import { describe, expect, it } from "vitest";
import { redactMetadata } from "../../../ingest/secrets/redact-metadata.ts";
import { MADE_SECRETS, PRIVATE_KEY, randomText } from "./made-secrets.ts";

const redact = (metadata: Parameters<typeof redactMetadata>[0], allowSecrets = false) =>
  redactMetadata(metadata, { source: "notes.md", allowSecrets });
const TOKEN = `ghp_${randomText(36)}`;
const BLOTS = "█".repeat(TOKEN.length);

describe("secrets in metadata", () => {
  it.each(MADE_SECRETS)("are blotted out in a value: %s", async (_, secret, before, after) => {
    const { metadata, note } = await redact({ team: "docs", note: `${before}${secret}${after}` });
    expect(JSON.stringify(metadata)).not.toContain(JSON.stringify(secret).slice(1, -1));
    expect(metadata["team"]).toBe("docs");
    expect(note).toMatch(/^1 secret redacted in the metadata: /);
    expect(note).not.toContain(secret);
  });

  it("are told by their key", async () => {
    const { metadata } = await redact({ api_key: randomText(32), year: 2025, isPublic: true });
    expect(metadata).toEqual({ api_key: "█".repeat(32), year: 2025, isPublic: true });
  });

  it("are blotted out in lists, in keys, and over several lines", async () => {
    const { metadata, note } = await redact({
      tags: ["a", TOKEN, "b"],
      [TOKEN]: [],
      pem: PRIVATE_KEY,
    });
    expect(metadata["tags"]).toEqual(["a", BLOTS, "b"]);
    expect(metadata[BLOTS]).toEqual([]);
    expect(metadata["pem"]).toMatch(/^[█\n]+$/);
    expect(JSON.stringify(metadata)).not.toContain(TOKEN);
    expect(note).toContain("GitHub");
  });

  it("leave two keys that were secrets apart", async () => {
    const other = `ghp_${randomText(36).split("").toReversed().join("")}`;
    const { metadata } = await redact({ [TOKEN]: "one", [other]: "two" });
    expect(metadata).toEqual({ [BLOTS]: "one", [`${BLOTS}█`]: "two" });
  });

  it("stay where they are allowed, and are counted", async () => {
    const given = { token: TOKEN };
    expect(await redact(given, true)).toEqual({ metadata: given, note: "1 secret kept in the metadata" });
  });

  it("are not seen in ordinary metadata", async () => {
    const given = {
      team: "docs",
      year: 2025,
      tags: ["guide", "v1.2.3"],
      author: "joe@example.org",
      url: "https://example.org/a?b=c",
    };
    expect(await redact(given)).toEqual({ metadata: given, note: "" });
    expect(await redact({})).toEqual({ metadata: {}, note: "" });
  });
});
