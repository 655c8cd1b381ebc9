import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { QDRANT_IMAGE } from "../../support/qdrant-server.ts";
import { startQdrantStandIn, requestTo } from "../../support/qdrant-stand-in.ts";

const run = promisify(execFile);

interface Service {
  readonly image?: string;
  readonly profiles?: readonly string[];
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, unknown>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

const compose: { readonly services: Readonly<Record<string, Service>>; readonly volumes: object } = parse(
  readFileSync(new URL("../../../docker-compose.yml", import.meta.url), "utf8"),
  { merge: true },
);
const nodes = Object.entries(compose.services).filter(([name]) => name.startsWith("qdrant"));

describe("docker-compose.yml", () => {
  it("has one Qdrant, three more for a cluster, and the service", () => {
    expect(Object.keys(compose.services)).toEqual(["qdrant", "citewell", "qdrant-1", "qdrant-2", "qdrant-3"]);
    for (const [name, { image, profiles }] of nodes) {
      expect(image).toBe(QDRANT_IMAGE);
      expect(profiles).toEqual(name === "qdrant" ? undefined : ["cluster"]);
    }
  });

  it("opens every port to this machine only, and none twice", () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(new Set(ports).size).toBe(ports.length);
  });

  it("keeps every Qdrant's data in a volume of its own", () => {
    const volumes = nodes.map(([, service]) => service.volumes[0]?.split(":"));
    for (const [name, folder] of volumes.map((parts) => parts ?? [])) {
      expect(Object.keys(compose.volumes)).toContain(name);
      expect(folder).toBe("/qdrant/storage");
    }
    expect(new Set(volumes.map((parts) => parts?.[0])).size).toBe(nodes.length);
  });

  it("lets the cluster's nodes find the first one", () => {
    for (const [name, { command, environment }] of nodes.filter(([node]) => node !== "qdrant")) {
      expect(environment["QDRANT__CLUSTER__ENABLED"]).toBe("true");
      expect(command?.slice(-2)).toEqual(["--uri", `http://${name}:6335`]);
      expect(command?.includes("--bootstrap")).toBe(name !== "qdrant-1");
    }
  });

  it("hands the service its keys, and the key of its Qdrant", () => {
    const { environment } = compose.services["citewell"] ?? {};
    expect(environment).toHaveProperty("CITEWELL_API_KEYS");
    expect(environment).toMatchObject({
      QDRANT_URL: "http://qdrant:6333",
      QDRANT_API_KEY: "${QDRANT__SERVICE__API_KEY:-}",
    });
  });

  it("lets the service write to its data folder alone, without rights beyond its user's", () => {
    expect(compose.services["citewell"]).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
    const writable = compose.services["citewell"]?.volumes.filter((volume) => !volume.endsWith(":ro"));
    expect(writable).toEqual(["citewell:/data"]);
    const dockerfile = readFileSync(new URL("../../../Dockerfile", import.meta.url), "utf8");
    for (const [, folder] of dockerfile.matchAll(/CITEWELL_(?:DATA|CACHE)=(\S+)/g)) expect(folder).toMatch(/^\/data\b/);
  });

  it("calls a Qdrant healthy when it says that it is ready, and only then", async () => {
    const standIn = await startQdrantStandIn();
    const [, shell = "", option = "", script = ""] = compose.services["qdrant"]?.healthcheck?.test ?? [];
    expect([shell, option]).toEqual(["bash", "-c"]);
    // Compose writes a dollar sign twice.
    const check = script.replaceAll("$$", "$").replace("/6333", `/${new URL(standIn.url).port}`);
    const ready = requestTo("GET", /^\/readyz$/);
    standIn.fault({ when: ready, reply: { status: 200, body: "all shards are ready" } });
    await run(shell, [option, check]);
    standIn.fault({ when: ready, reply: { status: 503, body: "some shards are not ready" } });
    await expect(run(shell, [option, check])).rejects.toMatchObject({ code: 1 });
    await standIn.stop();
    await expect(run(shell, [option, check])).rejects.toMatchObject({ code: 1 });
  });
});

describe("Dockerfile", () => {
  const lines = readFileSync(new URL("../../../Dockerfile", import.meta.url), "utf8").split("\n");

  it("runs the service as nobody in particular, on Node 24, with a health check", () => {
    expect(lines.filter((line) => line.startsWith("FROM"))).toEqual([
      "FROM node:24-slim AS build",
      "FROM node:24-slim",
    ]);
    expect(lines).toContain("USER node");
    expect(lines.some((line) => line.startsWith("HEALTHCHECK"))).toBe(true);
  });

  it("copies only what .dockerignore lets through", () => {
    const ignore = readFileSync(new URL("../../../.dockerignore", import.meta.url), "utf8").split("\n");
    expect(ignore).toContain("*");
    for (const needed of [
      "package.json",
      "package-lock.json",
      ".npmrc",
      "tsconfig.build.json",
      "src",
      "ingest",
      "models",
    ]) {
      expect(ignore).toContain(`!${needed}`);
    }
    expect(ignore).toContain("**/.env");
  });
});
