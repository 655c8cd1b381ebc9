// Points of one collection as a Qdrant 1.19 keeps and finds them; see test/fixtures/qdrant-exchanges.md.

/** A reply that is no success: a status and Qdrant's text. */
export class QdrantRefusal extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/** Any JSON object. */
export type Json = Readonly<Record<string, unknown>>;

type PointId = string | number;

interface Sparse {
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

interface Point {
  readonly id: PointId;
  payload: Json;
  dense: Float32Array | null;
  sparse: Sparse | null;
}

/** The points of one collection. */
export interface StandInPoints {
  update(operation: Json): void;
  retrieve(request: Json): unknown[];
  scroll(request: Json): unknown;
  count(request: Json): number;
  query(request: Json): unknown[];
}

/** Options of {@link createStandInPoints}. */
export interface StandInPointsOptions {
  readonly dimensions: number;
  /** Shards; each has an idf of its own, as in Qdrant. */
  readonly shards?: number;
  /**
   * Whether a search may say what its idf is computed over, as from Qdrant 1.19 on.
   * @default true
   */
  readonly hasIdfScope?: boolean;
}

/** An empty collection with the vectors `dense` (cosine) and `bm25` (sparse, with idf). */
export function createStandInPoints({
  dimensions,
  shards = 1,
  hasIdfScope = true,
}: StandInPointsOptions): StandInPoints {
  const points = new Map<PointId, Point>();
  // What was deleted goes on counting in N and df: nothing cleans up here.
  const ghosts: { readonly shard: number; readonly sparse: Sparse }[] = [];

  function update(operation: Json): void {
    const [[name, argument] = ["", null]] = Object.entries(operation);
    const body = asObject(argument);
    if (name === "upsert") return upsert(asObjects(body["points"]), compileFilter(body["update_filter"]));
    if (name === "delete") return remove(selected(body));
    if (name === "set_payload") return setPayload(body, false);
    if (name === "overwrite_payload") return setPayload(body, true);
    if (name === "delete_payload") return deletePayload(body);
    if (name === "update_vectors") return updateVectors(asObjects(body["points"]));
    throw new Error(`The stand-in does not know the operation ${name}`);
  }

  function upsert(given: readonly Json[], mayReplace: (point: Point) => boolean): void {
    if (given.length === 0) throw new QdrantRefusal(400, "Bad request: Empty update request");
    // Everything is looked at before anything is stored: one upsert is all or nothing.
    const made = given.map((point, at) => ({
      id: pointId(point["id"]),
      payload: asObject(point["payload"] ?? {}),
      ...readVectors(point["vector"], { dimensions, at }),
    }));
    for (const { dense = null, sparse = null, ...rest } of made) {
      const known = points.get(rest.id);
      if (known === undefined || mayReplace(known)) points.set(rest.id, { ...rest, dense, sparse });
    }
  }

  function updateVectors(given: readonly Json[]): void {
    const changes = given.map((point, at) => ({
      id: pointId(point["id"]),
      vectors: readVectors(point["vector"], { dimensions, at }),
    }));
    for (const { id, vectors } of changes) Object.assign(existing(id), vectors);
  }

  function remove(ids: readonly PointId[]): void {
    for (const id of ids) {
      const sparse = points.get(id)?.sparse;
      if (sparse && sparse.indices.length > 0) ghosts.push({ shard: shardOf(id, shards), sparse });
      points.delete(id);
    }
  }

  function setPayload(body: Json, overwrite: boolean): void {
    const payload = asObject(body["payload"]);
    const ids = selected(body);
    // By ids, those that exist are changed even where another one does not.
    const missing = ids.find((id) => !points.has(id));
    for (const id of ids) {
      const point = points.get(id);
      if (point === undefined) continue;
      const key = body["key"];
      const nested =
        typeof key === "string" ? { [key]: { ...asObject(point.payload[key] ?? {}), ...payload } } : payload;
      point.payload = overwrite ? payload : { ...point.payload, ...nested };
    }
    if (missing !== undefined) existing(missing);
  }

  function deletePayload(body: Json): void {
    const keys = asArray(body["keys"]);
    for (const id of selected(body)) {
      const point = existing(id);
      point.payload = Object.fromEntries(Object.entries(point.payload).filter(([key]) => !keys.includes(key)));
    }
  }

  function existing(id: PointId): Point {
    const point = points.get(id);
    if (point === undefined) throw new QdrantRefusal(404, `Not found: No point with id ${id} found`);
    return point;
  }

  function selected(body: Json): PointId[] {
    if (Array.isArray(body["points"])) return body["points"].map(pointId);
    if (body["filter"] !== undefined) return matching(body["filter"]).map(({ id }) => id);
    throw new QdrantRefusal(
      400,
      "Format error in JSON body: data did not match any variant of untagged enum PointsSelector",
    );
  }

  function matching(filter: unknown): Point[] {
    const test = compileFilter(filter);
    return [...points.values()].filter(test).toSorted(byId);
  }

  /** On one shard alone, or on all of them. */
  function query(request: Json, on: number | null = null): unknown[] {
    const limit = limitOf(request, "internal");
    const using = typeof request["using"] === "string" ? request["using"] : "";
    if (using !== "dense" && using !== "bm25") {
      throw new QdrantRefusal(400, `Wrong input: Not existing vector name error: ${using}`);
    }
    const score = using === "dense" ? denseScorer(request["query"]) : sparseScorer(request["query"], corpusOf(request));
    const threshold = typeof request["score_threshold"] === "number" ? request["score_threshold"] : -Infinity;
    const offset = typeof request["offset"] === "number" ? request["offset"] : 0;
    // Each shard answers nested searches by itself.
    const nested = (inner: Json): unknown[] =>
      Array.from({ length: shards }, (_, shard) => (on === null || on === shard ? query(inner, shard) : [])).flat();
    const prefetched = request["prefetch"] === undefined ? null : asObjects(request["prefetch"]).flatMap(nested);
    const union = prefetched === null ? null : new Set(prefetched.map((hit) => pointId(asObject(hit)["id"])));
    return matching(request["filter"])
      .filter(({ id }) => (on === null || shardOf(id, shards) === on) && (union === null || union.has(id)))
      .flatMap((point) => {
        const value = score(point);
        return value === null || value < threshold ? [] : [{ point, score: value }];
      })
      .toSorted((left, right) => right.score - left.score || byId(left.point, right.point))
      .slice(offset, offset + limit)
      .map(({ point, score: value }) => ({
        ...shown(point, { payload: request["with_payload"] ?? false, vector: request["with_vector"] ?? false }),
        version: 1,
        score: value,
      }));
  }

  function denseScorer(vector: unknown): (point: Point) => number | null {
    const numbers = asNumbers(vector);
    if (numbers.length !== dimensions) {
      throw new QdrantRefusal(
        400,
        `Wrong input: Vector dimension error: expected dim: ${dimensions}, got ${numbers.length}`,
      );
    }
    const wanted = normalised(numbers);
    return ({ dense }) =>
      dense === null ? null : Math.fround(dense.reduce((sum, value, at) => sum + value * (wanted[at] ?? 0), 0));
  }

  /** Null for everything that was ever stored. */
  function corpusOf(request: Json): ((point: Point) => boolean) | null {
    const { idf = "global" } = asObject(request["params"] ?? {});
    return !hasIdfScope || idf === "global" ? null : compileFilter(asObject(idf)["corpus"]);
  }

  function sparseScorer(vector: unknown, corpus: ((point: Point) => boolean) | null): (point: Point) => number | null {
    const wanted = readSparse(vector, 0);
    const idf = Array.from(
      { length: shards },
      (_, shard) => new Map(wanted.indices.map((at) => [at, idfOf(at, { shard, corpus })])),
    );
    return ({ id, sparse }) => {
      if (sparse === null) return null;
      let sum = 0;
      let common = 0;
      for (const [at, index] of sparse.indices.entries()) {
        const place = wanted.indices.indexOf(index);
        if (place === -1) continue;
        common += 1;
        sum += (sparse.values[at] ?? 0) * (wanted.values[place] ?? 0) * (idf[shardOf(id, shards)]?.get(index) ?? 0);
      }
      return common === 0 ? null : Math.fround(sum);
    };
  }

  /** Points without this vector, or with an empty one, count in neither. */
  function idfOf(
    index: number,
    { shard, corpus }: { readonly shard: number; readonly corpus: ((point: Point) => boolean) | null },
  ): number {
    const living = [...points.values()]
      .filter((point) => shardOf(point.id, shards) === shard && (corpus?.(point) ?? true))
      .map(({ sparse }) => sparse);
    const dead = corpus === null ? ghosts.filter((ghost) => ghost.shard === shard).map(({ sparse }) => sparse) : [];
    const all = [...living, ...dead].filter((sparse) => sparse !== null && sparse.indices.length > 0);
    const df = all.filter((sparse) => sparse?.indices.includes(index)).length;
    return Math.log((all.length - df + 0.5) / (df + 0.5) + 1);
  }

  return {
    update,
    query: (request) => query(request),
    retrieve: (request) =>
      asArray(request["ids"])
        .map(pointId)
        .flatMap((id) => points.get(id) ?? [])
        .map((point) =>
          shown(point, { payload: request["with_payload"] ?? true, vector: request["with_vector"] ?? false }),
        ),
    scroll(request) {
      const limit = limitOf(request, "scroll_request");
      const from = request["offset"] === undefined ? null : pointId(request["offset"]);
      const found = matching(request["filter"]).filter(({ id }) => from === null || compareIds(id, from) >= 0);
      const wanted = { payload: request["with_payload"] ?? true, vector: request["with_vector"] ?? false };
      if (request["order_by"] !== undefined) {
        const { key, direction } = asObject(request["order_by"]);
        const time = (point: Point): number => Date.parse(String(point.payload[String(key)]));
        const ordered = found.toSorted((a, b) => (direction === "desc" ? time(b) - time(a) : time(a) - time(b)));
        return { points: ordered.slice(0, limit).map((point) => shown(point, wanted)), next_page_offset: null };
      }
      return {
        points: found.slice(0, limit).map((point) => shown(point, wanted)),
        next_page_offset: found[limit]?.id ?? null,
      };
    },
    count: (request) => matching(request["filter"]).length,
  };
}

function readVectors(
  given: unknown,
  { dimensions, at }: { readonly dimensions: number; readonly at: number },
): { dense?: Float32Array; sparse?: Sparse } {
  if (Array.isArray(given)) throw new QdrantRefusal(400, "Wrong input: Not existing vector name error: ");
  const read: { dense?: Float32Array; sparse?: Sparse } = {};
  for (const [name, vector] of Object.entries(asObject(given))) {
    if (name === "bm25") read.sparse = readSparse(vector, at);
    else if (name === "dense") read.dense = readDense(vector, dimensions);
    else throw new QdrantRefusal(400, `Wrong input: Not existing vector name error: ${name}`);
  }
  return read;
}

function readDense(vector: unknown, dimensions: number): Float32Array {
  const numbers = asNumbers(vector);
  if (numbers.length === dimensions) return normalised(numbers);
  throw new QdrantRefusal(
    400,
    `Wrong input: Vector dimension error: expected dim: ${dimensions}, got ${numbers.length} for vector 'dense'`,
  );
}

function readSparse(vector: unknown, at: number): Sparse {
  const { indices, values } = asObject(vector);
  const read = { indices: asNumbers(indices), values: asNumbers(values).map(Math.fround) };
  const place = `Validation error in JSON body: [points[${at}].vector.?`;
  if (new Set(read.indices).size !== read.indices.length) {
    throw new QdrantRefusal(422, `${place}.indices: Validation error: must be unique [{}]]`);
  }
  if (read.indices.length !== read.values.length) {
    throw new QdrantRefusal(422, `${place}.values: Validation error: must be the same length as indices [{}]]`);
  }
  return read;
}

function shown(point: Point, { payload, vector }: { readonly payload: unknown; readonly vector: unknown }): Json {
  return {
    id: point.id,
    ...(payload !== false && { payload: Array.isArray(payload) ? picked(point.payload, payload) : point.payload }),
    ...(vector !== false && { vector: vectorsOf(point, Array.isArray(vector) ? vector : ["dense", "bm25"]) }),
  };
}

function vectorsOf({ dense, sparse }: Point, names: readonly unknown[]): Json {
  return {
    ...(dense !== null && names.includes("dense") && { dense: Array.from(dense) }),
    ...(sparse !== null && names.includes("bm25") && { bm25: sparse }),
  };
}

function picked(payload: Json, keys: readonly unknown[]): Json {
  return Object.fromEntries(Object.entries(payload).filter(([key]) => keys.includes(key)));
}

function compileFilter(filter: unknown): (point: Point) => boolean {
  if (filter === undefined || filter === null) return () => true;
  const { must, should, must_not: mustNot, ...unknown } = asObject(filter);
  const [odd] = Object.keys(unknown);
  if (odd !== undefined) {
    throw new QdrantRefusal(
      400,
      `Format error in JSON body: unknown field \`${odd}\`, expected one of \`should\`, \`min_should\`, \`must\`, \`must_not\``,
    );
  }
  const [all, any, none] = [must, should, mustNot].map((part) => asArray(part ?? []).map(compileCondition));
  return (point) =>
    (all ?? []).every((test) => test(point)) &&
    (any === undefined || any.length === 0 || any.some((test) => test(point))) &&
    !(none ?? []).some((test) => test(point));
}

function compileCondition(condition: unknown): (point: Point) => boolean {
  const { key, match, range, has_id: ids, is_empty: empty } = asObject(condition);
  if (ids !== undefined) {
    const wanted = new Set(asArray(ids).map(pointId));
    return ({ id }) => wanted.has(id);
  }
  if (empty !== undefined) {
    const emptyField = String(asObject(empty)["key"]);
    return ({ payload }) => valuesOf(payload[emptyField]).every((value) => value === null);
  }
  const field = String(key);
  if (range !== undefined) {
    const { gte = -Infinity, lt = Infinity } = asObject(range);
    return ({ payload }) => Number(payload[field]) >= Number(gte) && Number(payload[field]) < Number(lt);
  }
  const { value, any, except } = asObject(match);
  // A list matches where one of its values does.
  if (value !== undefined) return ({ payload }) => valuesOf(payload[field]).includes(value);
  if (any !== undefined) {
    const wanted = asArray(any);
    return ({ payload }) => valuesOf(payload[field]).some((held) => wanted.includes(held));
  }
  if (except !== undefined) {
    return ({ payload }) => payload[field] !== undefined && !asArray(except).includes(payload[field]);
  }
  throw new QdrantRefusal(
    400,
    "Format error in JSON body: data did not match any variant of untagged enum MatchInterface",
  );
}

/** The values of a payload field: several of a list, none where it is missing. */
function valuesOf(held: unknown): readonly unknown[] {
  if (held === undefined) return [];
  return Array.isArray(held) ? held : [held];
}

function limitOf(request: Json, place: string): number {
  const limit = Number(request["limit"] ?? 10);
  if (limit >= 1) return limit;
  throw new QdrantRefusal(
    422,
    `Validation error in JSON body: [${place}.limit: value ${limit} invalid, must be 1 or larger]`,
  );
}

function pointId(id: unknown): PointId {
  if (typeof id === "number" && Number.isInteger(id) && id >= 0) return id;
  if (typeof id === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id.toLowerCase();
  throw new QdrantRefusal(
    400,
    `Format error in JSON body: value ${String(id)} is not a valid point ID, valid values are either an unsigned integer or a UUID`,
  );
}

function shardOf(id: PointId, shards: number): number {
  return shards === 1 ? 0 : Buffer.from(String(id)).reduce((sum, byte) => (sum * 31 + byte) % 65_521, 7) % shards;
}

function byId(left: Point, right: Point): number {
  return compareIds(left.id, right.id);
}

function compareIds(left: PointId, right: PointId): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left !== typeof right) return typeof left === "number" ? -1 : 1;
  return left < right ? -1 : Number(left > right);
}

function normalised(numbers: readonly number[]): Float32Array {
  const length = Math.hypot(...numbers);
  return Float32Array.from(numbers, (value) => (length === 0 ? 0 : value / length));
}

function asNumbers(value: unknown): number[] {
  if (Array.isArray(value) && value.every((entry) => typeof entry === "number")) return value;
  throw new QdrantRefusal(
    400,
    "Format error in JSON body: data did not match any variant of untagged enum VectorStruct",
  );
}

function asArray(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new QdrantRefusal(400, "Format error in JSON body: invalid type, expected a sequence");
}

function asObjects(value: unknown): Json[] {
  return asArray(value).map(asObject);
}

/** Whatever is no object is refused as Qdrant refuses it. */
export function asObject(value: unknown): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new QdrantRefusal(400, "Format error in JSON body: invalid type, expected a map");
}
