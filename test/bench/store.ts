import type { Bench } from "./bench-table.ts";
import { benchStoreRatios } from "./store-ratios.ts";
import { benchStore } from "./store-search.ts";

/** The embedded store alone over made-up chunks, then both stores' searches against their own bare queries. */
export const benchStoreTable: Bench = async ({ large }) => {
  const ratios = await benchStoreRatios({ large });
  const results = [];
  for (const chunks of large ? [10_000, 100_000] : [10_000]) results.push(await benchStore({ chunks }));
  const [first] = results;
  if (first === undefined) return [ratios];
  return [
    ratios,
    {
      title: "Embedded store",
      head: Object.keys(first),
      rows: results.map((result) => Object.values(result).map((value) => value ?? "")),
      notes: ["Milliseconds, medians; `insertsPerSecond` counts chunks."],
    },
  ];
};
