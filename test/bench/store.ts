import type { Bench } from "./bench-table.ts";
import { benchStore } from "./store-search.ts";

/** The embedded store alone, over made-up chunks. */
export const benchStoreTable: Bench = async ({ large }) => {
  const results = [];
  for (const chunks of large ? [10_000, 100_000] : [10_000]) results.push(await benchStore({ chunks }));
  const [first] = results;
  if (first === undefined) return [];
  return [
    {
      title: "Store",
      head: Object.keys(first),
      rows: results.map((result) => Object.values(result).map((value) => value ?? "")),
      notes: ["Milliseconds, medians; `insertsPerSecond` counts chunks."],
    },
  ];
};
