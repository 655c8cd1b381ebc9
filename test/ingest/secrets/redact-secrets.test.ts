import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { findSecrets } from "../../../ingest/secrets/find-secrets.ts";
import { BLOT, redactSecrets } from "../../../ingest/secrets/redact-secrets.ts";
import { secretFileReason } from "../../../ingest/secrets/secret-files.ts";
import { asStored, fitsChoice, hashOfBytes, secretsHash } from "../../../ingest/secrets/secrets-hash.ts";
import { MADE_SECRETS, PRIVATE_KEY, randomText } from "./made-secrets.ts";

const redact = (text: string, allowSecrets = false) =>
  redactSecrets({ text, title: null }, { source: "notes.md", allowSecrets });

describe("finding secrets", () => {
  it.each(MADE_SECRETS)("blots out the %s %s in place", async (name, secret, before, after) => {
    const intro = "# Notes 😀\n\nSome words about how to log in.\r\n";
    const outro = "\n\nMore words follow here, and they stay as they were.\n".repeat(8);
    const text = intro + before + secret + after + outro;
    const result = await redact(text);
    const start = (intro + before).length;
    expect(result.text).toHaveLength(text.length);
    expect(result.text.slice(0, start)).toBe(intro + before);
    expect(result.text.slice(start, start + secret.length)).toBe(secret.replaceAll(/[^\n]/g, BLOT));
    expect(result.text.slice(start + secret.length)).toBe(after + outro);
    const line = (intro + before).split("\n").length;
    expect(result).toMatchObject({ secrets: 1, skip: null, note: `1 secret redacted: line ${line} ${name}` });
  });

  it("lists several with their lines and never shows one", async () => {
    const secrets = MADE_SECRETS.filter(([name]) => name === "GitHub token").map(([, secret]) => secret);
    const { note } = await redact(`a\n${secrets.join("\nb\n")}\n`);
    expect(note).toBe("2 secrets redacted: line 2 GitHub token, line 4 GitHub token");
  });

  it("cuts a private key that lacks its end", async () => {
    const key = PRIVATE_KEY.slice(0, 300);
    const { text } = await redact(`${"Words before. ".repeat(80)}\n${key}`);
    expect(text.endsWith(BLOT.repeat(10))).toBe(true);
    expect(text).not.toContain(key.slice(60, 90));
  });

  it("finds keys on one line of JSON", async () => {
    const { text } = await redact(
      `{"private_key":"${PRIVATE_KEY.replaceAll("\n", "\\n")}\\n","name":"${"x".repeat(500)}"}`,
    );
    expect(text).not.toContain(PRIVATE_KEY.slice(40, 60));
    expect(text).toContain('"name"');
  });

  it("finds a secret anywhere in a long text, once", async () => {
    const filler = "Some words of a long text.\n".repeat(30_000);
    for (const at of [399_990, 400_000, 419_990, filler.length]) {
      const token = `glpat-${randomText(20)}`;
      const found = await findSecrets(`${filler.slice(0, at)} ${token} ${filler.slice(at)}`, "a.md");
      expect(found).toEqual([{ start: at + 1, end: at + 1 + token.length, name: "GitLab token" }]);
    }
  });

  it("is not switched off by a comment in the document", async () => {
    const token = `glpat-${randomText(20)}`;
    expect((await redact(`<!-- secretlint-disable -->\n${token}\n`)).text).not.toContain(token);
  });

  it("keeps secrets where that is allowed, and counts them", async () => {
    const [, token = ""] = MADE_SECRETS.find(([name]) => name === "GitHub token") ?? [];
    expect(await redact(`use ${token}`, true)).toMatchObject({
      text: `use ${token}`,
      secrets: 1,
      note: "1 secret kept: line 1 GitHub token",
    });
  });

  it("skips a text that is little else than a private key", async () => {
    expect((await redact(`${PRIVATE_KEY}\n`)).skip).toMatch(/private key/);
  });

  it("blots out a secret in the title too", async () => {
    const [, token = ""] = MADE_SECRETS.find(([name]) => name === "GitHub token") ?? [];
    const { title } = await redactSecrets(
      { text: `# Token ${token}\n`, title: `Token ${token}` },
      { source: "a.md", allowSecrets: false },
    );
    expect(title).toBe(`Token ${BLOT.repeat(token.length)}`);
  });
});

describe("leaving alone what is no secret", () => {
  it.each([
    "Set OPENAI_API_KEY=sk-... first, or sk-your-key-here.",
    "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "oracle://scott:tiger@localhost/db and amqp://myuser:mypassword@localhost:5672/vhost",
    "https://user:password@host and postgres://postgres:postgres@localhost:5432/db and redis://:${PASSWORD}@cache",
    "git clone git@github.com:owner/name.git; see https://example.org:8080/a@b and http://[::1]:80/@x",
    'const token = createToken(options.tokenCounter);\nconst password = readPassword("user-settings");',
    'apiKey: process.env.OPENAI_API_KEY, secret: "your-client-secret", token: "xxxxxxxxxxxxxxxxxxxx"',
    "Authorization: Bearer <token>\nAuthorization: Bearer YOUR_ACCESS_TOKEN_HERE",
    "token = tokenizer.encode(chunkTokens20)\nsecretKeyRef: database-credentials-v2",
    "SHA-256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "commit 9c1185a5c5e9fc54612808977ee8f548b2258d31, id 123e4567-e89b-12d3-a456-426614174000",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 user@host\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "a private key begins with `-----BEGIN PRIVATE KEY-----` and is long",
    "token: CachedX509Token, credential(OAuth2Client) secret = npm_package_config_openapi_schema_remote",
    "const BACKOFF_KEY: string = 'retry-after'; passwordMinimumLength: 12, tokenLimit = 4096",
  ])("%s", async (text) => {
    expect(await findSecrets(text, "a.md")).toEqual([]);
  });

  it.each(["src", "ingest", "corpora"])("finds none in the project's own %s", async (folder) => {
    const root = path.join(import.meta.dirname, "../../..", folder);
    const found: string[] = [];
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(?:ts|tsx|md|css|html|jsonl?)$/.test(entry.name)) continue;
      const file = path.join(entry.parentPath, entry.name);
      const text = await readFile(file, "utf8");
      for (const { start, name } of await findSecrets(text, file))
        found.push(`${path.relative(root, file)}:${text.slice(0, start).split("\n").length} ${name}`);
    }
    expect(found).toEqual([]);
  });
});

describe("files of secrets", () => {
  it.each([".env", "app/.env.local", ".env.production", "id_rsa", "keys/id_ed25519", "store.p12", ".netrc", "x.kdbx"])(
    "are known by the name %s",
    (source) => {
      expect(secretFileReason(source)).toMatch(/--allow-secrets/);
    },
  );

  it.each([".env.example", ".env.sample", "app/.env.template", "id_rsa.pub", "env.md", "environment.ts", "key.ts"])(
    "are not meant by the name %s",
    (source) => {
      expect(secretFileReason(source)).toBeNull();
    },
  );
});

describe("the stored hash", () => {
  it("stands only under the choice it was made with", () => {
    const [none, redacted, kept] = [
      secretsHash("ab", "none"),
      secretsHash("ab", "redacted"),
      secretsHash("ab", "kept"),
    ];
    expect([none, redacted, kept].map(hashOfBytes)).toEqual(["ab", "ab", "ab"]);
    expect([none, redacted, kept].map((hash) => fitsChoice(hash, false))).toEqual([true, true, false]);
    expect([none, redacted, kept].map((hash) => fitsChoice(hash, true))).toEqual([true, false, true]);
    expect(asStored("ab", redacted, false)).toBe(redacted);
    expect(asStored("ab", redacted, true)).toBe("ab");
    expect(asStored("cd", redacted, false)).toBe("cd");
  });
});
