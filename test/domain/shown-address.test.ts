import { expect, it } from "vitest";
import { shownAddress } from "../../src/domain/shown-address.ts";

it.each([
  ["http://ada:secret@db:6333/v1", "http://db:6333/v1"],
  ["http://secret@db:6333", "http://db:6333"],
  ["http://ada:sec@ret@db", "http://db"],
  ["http://ada:sec/ret@db", "http://db"],
  ["http://ada:sec ret@db", "http://db"],
  ["https://gateway/v1/@models/x?key=a@b", "https://gateway/v1/@models/x"],
  ["http://localhost:8000/", "http://localhost:8000"],
  ["db:6333", "db:6333"],
])("%s is shown as %s", (address, shown) => {
  expect(shownAddress(address)).toBe(shown);
});
