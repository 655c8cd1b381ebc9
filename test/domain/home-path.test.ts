import { expect, it } from "vitest";
import { fromHome } from "../../src/domain/home-path.ts";

it.each([
  ["~", "/home/ann"],
  ["~/notes/*.md", "/home/ann/notes/*.md"],
  ["~ann/notes", "~ann/notes"],
  ["notes/~/a.md", "notes/~/a.md"],
  ["", ""],
])("puts the home folder in place of a leading tilde: %j", (given, path) => {
  expect(fromHome(given, "/home/ann")).toBe(path);
  expect(fromHome(given, "/home/ann/")).toBe(given === "~" ? "/home/ann/" : path);
});
