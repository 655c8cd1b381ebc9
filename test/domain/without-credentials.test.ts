import { expect, it } from "vitest";
import { withoutCredentials } from "../../src/domain/without-credentials.ts";

it.each([
  ["http://ada:secret@db:6333/v1", "http://db:6333/v1"],
  ["http://secret@db:6333", "http://db:6333"],
  ["http://ada:sec@ret@db", "http://db"],
  ["http://ada:sec/ret@db", "http://db"],
  ["http://ada:sec ret@db", "http://db"],
  ["https://gateway/v1/@models/x?by=a@b", "https://gateway/v1/@models/x?by=a@b"],
  ["db:6333", "db:6333"],
])("%s is shown as %s", (address, shown) => {
  expect(withoutCredentials(address)).toBe(shown);
});
