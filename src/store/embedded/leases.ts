import { type EmbeddedDatabase, numberOf, textOf } from "./database.ts";
import type { EmbeddedOperations } from "./protocol.ts";

type LeaseOperations = Pick<EmbeddedOperations, "acquireLease" | "releaseLease">;

/** Keeps leases in a table. All processes that use the file run on one machine, and so go by one clock. */
export function createLeaseOperations(database: EmbeddedDatabase): LeaseOperations {
  return {
    acquireLease(name, { owner, holder, ttlMs, replaces = owner }) {
      return database.write(() => {
        const now = Date.now();
        database
          .statement(
            `INSERT INTO leases (name, owner, holder, since, expires_at) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET
               since = CASE WHEN owner = excluded.owner THEN since ELSE excluded.since END,
               owner = excluded.owner, holder = excluded.holder, expires_at = excluded.expires_at
             WHERE owner IN (excluded.owner, ?) OR expires_at < ?`,
          )
          .run(name, owner, holder, now, now + ttlMs, replaces, now);
        const row = database.statement("SELECT * FROM leases WHERE name = ?").get(name);
        return {
          owner: textOf(row?.["owner"]),
          holder: textOf(row?.["holder"]),
          since: new Date(numberOf(row?.["since"])).toISOString(),
          expiresAt: new Date(numberOf(row?.["expires_at"])).toISOString(),
        };
      });
    },
    releaseLease(name, owner) {
      database.write(() => {
        database.statement("DELETE FROM leases WHERE name = ? AND owner = ?").run(name, owner);
      });
    },
  };
}
