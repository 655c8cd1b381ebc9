import {
  asObject,
  createStandInPoints,
  type Json,
  QdrantRefusal,
  type StandInPoints,
} from "./qdrant-stand-in-points.ts";

/** Answers one request with a body, or throws a {@link QdrantRefusal}. */
export type QdrantCatalogue = (request: {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}) => unknown;

interface StandInCollection {
  readonly points: StandInPoints;
  readonly config: Json;
  readonly schema: Record<string, unknown>;
}

type Route = (match: readonly string[], body: unknown) => unknown;

/** Collections and aliases, with the routes that the store uses. */
export function createQdrantCatalogue({
  version,
  shards,
}: {
  readonly version: string;
  readonly shards: number;
}): QdrantCatalogue {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const hasIdfScope = major > 1 || minor >= 19;
  const collections = new Map<string, StandInCollection>();
  const aliases = new Map<string, string>();

  function collectionOf(name: string): StandInCollection {
    return collections.get(aliases.get(name) ?? name) ?? missing(name);
  }

  function create(name: string, body: unknown): unknown {
    const bad = /[/<>:"\\|?*]/.exec(name)?.[0];
    if (bad !== undefined) {
      throw new QdrantRefusal(
        422,
        `Validation error in path parameters: [collection_name: collection name cannot contain "${bad}" char]`,
      );
    }
    if (collections.has(name)) throw new QdrantRefusal(409, `Wrong input: Collection \`${name}\` already exists!`);
    if (aliases.has(name)) {
      throw new QdrantRefusal(
        400,
        `Wrong input: Can't create collection with name ${name}. Alias with the same name already exists`,
      );
    }
    const { vectors, sparse_vectors, metadata, ...rest } = asObject(body);
    const shardNumber = Number(rest["shard_number"] ?? shards);
    const config = {
      params: {
        vectors,
        sparse_vectors,
        shard_number: shardNumber,
        replication_factor: rest["replication_factor"] ?? 1,
        write_consistency_factor: rest["write_consistency_factor"] ?? 1,
      },
      ...(metadata !== undefined && { metadata }),
    };
    const dimensions = Number(asObject(asObject(vectors)["dense"] ?? {})["size"] ?? 0);
    collections.set(name, {
      points: createStandInPoints({ dimensions, shards: shardNumber, hasIdfScope }),
      config,
      schema: {},
    });
    return true;
  }

  function changeAliases(actions: readonly Json[]): boolean {
    for (const { create_alias: made } of actions) {
      if (made === undefined) continue;
      const { alias_name: alias, collection_name: target } = asObject(made);
      if (!collections.has(String(target))) missing(String(target));
      if (collections.has(String(alias))) {
        throw new QdrantRefusal(409, `Wrong input: Collection \`${String(alias)}\` already exists!`);
      }
    }
    for (const { create_alias: made, delete_alias: gone } of actions) {
      if (gone !== undefined) aliases.delete(String(asObject(gone)["alias_name"]));
      if (made === undefined) continue;
      const { alias_name: alias, collection_name: target } = asObject(made);
      aliases.set(String(alias), String(target));
    }
    return true;
  }

  function drop(name: string): boolean {
    for (const [alias, target] of aliases) if (target === name) aliases.delete(alias);
    return collections.delete(name);
  }

  function describe(name: string): Json {
    const { config, points, schema } = collectionOf(name);
    return { status: "green", config, points_count: points.count({}), payload_schema: schema };
  }

  function listAliases(of?: string): Json {
    const all = [...aliases].map(([alias_name, collection_name]) => ({ alias_name, collection_name }));
    return { aliases: all.filter(({ collection_name }) => of === undefined || collection_name === of) };
  }

  function batch(points: StandInPoints, operations: unknown): unknown {
    // One after the other: what was done before a refusal stays.
    return (Array.isArray(operations) ? operations : []).map((operation) => {
      points.update(asObject(operation));
      return COMPLETED;
    });
  }

  const routes: readonly (readonly [method: string, path: RegExp, route: Route])[] = [
    ["GET", /^\/collections$/, () => ({ collections: [...collections.keys()].map((name) => ({ name })) })],
    ["GET", /^\/aliases$/, () => listAliases()],
    ["GET", /^\/collections\/([^/]+)\/aliases$/, ([name = ""]) => listAliases(name)],
    ["POST", /^\/collections\/aliases$/, (_, body) => changeAliases(objects(asObject(body)["actions"]))],
    ["GET", /^\/collections\/([^/]+)$/, ([name = ""]) => describe(name)],
    ["PUT", /^\/collections\/([^/]+)$/, ([name = ""], body) => create(name, body)],
    ["DELETE", /^\/collections\/([^/]+)$/, ([name = ""]) => drop(name)],
    [
      "GET",
      /^\/collections\/([^/]+)\/exists$/,
      ([name = ""]) => ({ exists: collections.has(aliases.get(name) ?? name) }),
    ],
    [
      "PUT",
      /^\/collections\/([^/]+)\/index$/,
      ([name = ""], body) => {
        const { field_name: field, field_schema: data_type } = asObject(body);
        collectionOf(name).schema[String(field)] = { data_type, points: 0 };
        return COMPLETED;
      },
    ],
    [
      "POST",
      /^\/collections\/([^/]+)\/points$/,
      ([name = ""], body) => collectionOf(name).points.retrieve(asObject(body)),
    ],
    ["PUT", /^\/collections\/([^/]+)\/points$/, ([name = ""], body) => updated(name, { upsert: body })],
    ["POST", /^\/collections\/([^/]+)\/points\/delete$/, ([name = ""], body) => updated(name, { delete: body })],
    [
      "PUT",
      /^\/collections\/([^/]+)\/points\/vectors$/,
      ([name = ""], body) => updated(name, { update_vectors: body }),
    ],
    ["POST", /^\/collections\/([^/]+)\/points\/payload$/, ([name = ""], body) => updated(name, { set_payload: body })],
    [
      "PUT",
      /^\/collections\/([^/]+)\/points\/payload$/,
      ([name = ""], body) => updated(name, { overwrite_payload: body }),
    ],
    [
      "POST",
      /^\/collections\/([^/]+)\/points\/batch$/,
      ([name = ""], body) => batch(collectionOf(name).points, asObject(body)["operations"]),
    ],
    [
      "POST",
      /^\/collections\/([^/]+)\/points\/scroll$/,
      ([name = ""], body) => {
        const { points, schema } = collectionOf(name);
        const order = asObject(body)["order_by"];
        const key = order === undefined ? null : String(asObject(order)["key"]);
        if (key !== null && asObject(schema[key] ?? {})["data_type"] !== "datetime") {
          throw new QdrantRefusal(400, `Wrong input: No range index for \`order_by\` key: \`${key}\`.`);
        }
        return points.scroll(asObject(body));
      },
    ],
    [
      "POST",
      /^\/collections\/([^/]+)\/points\/count$/,
      ([name = ""], body) => ({ count: collectionOf(name).points.count(asObject(body)) }),
    ],
    [
      "POST",
      /^\/collections\/([^/]+)\/points\/query$/,
      ([name = ""], body) => ({ points: collectionOf(name).points.query(asObject(body)) }),
    ],
    [
      "POST",
      /^\/collections\/([^/]+)\/points\/query\/batch$/,
      ([name = ""], body) => {
        const { points } = collectionOf(name);
        return objects(asObject(body)["searches"]).map((search) => ({ points: points.query(search) }));
      },
    ],
  ];

  function updated(name: string, operation: Json): Json {
    collectionOf(name).points.update(operation);
    return COMPLETED;
  }

  return ({ method, path, body }) => {
    const [pathname = ""] = path.split("?");
    if (method === "GET" && pathname === "/") return { title: "qdrant - vector search engine", version };
    for (const [routeMethod, pattern, route] of routes) {
      const match = pattern.exec(pathname);
      if (match === null || routeMethod !== method) continue;
      return { result: route(match.slice(1).map(decodeURIComponent), body), status: "ok", time: 0 };
    }
    // Unknown routes and methods have an empty body.
    throw new QdrantRefusal(404, "");
  };
}

const COMPLETED: Json = { operation_id: 1, status: "completed" };

function missing(name: string): never {
  throw new QdrantRefusal(404, `Not found: Collection \`${name}\` doesn't exist!`);
}

function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}
