import { expect, it } from "vitest";
import { createHarness } from "./server-harness.ts";

it("opens the web page at the collection of the setting, with the rest of its address", async () => {
  const harness = createHarness({ collection: "team" });
  const opened = await harness.get("/?q=which%20lift");
  expect(opened.status).toBe(302);
  const place = new URL(opened.headers.get("location") ?? "", "http://localhost/");
  expect(Object.fromEntries(place.searchParams)).toEqual({ q: "which lift", collection: "team" });
  expect((await harness.get(`${place.pathname}${place.search}`)).status).toBe(200);
  expect((await createHarness().get("/")).status).toBe(200);
});
