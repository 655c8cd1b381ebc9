import { describe, expect, it } from "vitest";
import { withoutLeadIn } from "../../../src/retrieval/code/lead-in.ts";

const REPORT = ["The parser crashes", "", "It reads a comma and stops."];

describe("withoutLeadIn", () => {
  it.each([
    "Please fix:",
    "Please fix the following GitHub issue:",
    "Find the files that have to be changed to resolve this bug report from a user.",
    "Hi team,",
    "Hello everyone!",
    "Good morning",
    "Dear Ms Quist,",
    "I've uploaded a python code repository in the directory /testbed. Consider the following PR description:",
    "Here is a ticket that one of our customers opened:",
    "Which files do I need to change for this issue?",
    "Can you look into https://example.org/a/b/issues/12? Details below.",
    "Solve JIRA-123:",
    "Task:",
    "<issue>",
  ])("leaves out a line that only hands over what follows: %s", (line) => {
    expect(withoutLeadIn([line, "", ...REPORT])).toEqual(REPORT);
  });

  it.each([
    "Show the error message",
    "Fix the flaky login test",
    "feat: list changes of a pull request",
    "This release breaks the parser:",
    "Following redirects loses the cookies:",
    "Request body: the limit is ignored",
    "Error: unexpected end",
    "title: wrap long ones",
    "Hello world template fails",
    "Hi-DPI images are blurred!",
  ])("keeps one that says something: %s", (line) => {
    expect(withoutLeadIn([line, "", ...REPORT])).toEqual([line, "", ...REPORT]);
  });

  it("leaves out several in front, wrappers all around, and the label of the title behind them", () => {
    const prompt = [
      "Hello,",
      "please fix this issue:",
      "<issue_description>",
      "**Title:** The parser crashes",
      "It stops.",
    ];
    expect(withoutLeadIn([...prompt, "</issue_description>"])).toEqual(["The parser crashes", "It stops."]);
  });

  it("cuts them off within a line", () => {
    expect(withoutLeadIn(["Please fix this issue: the parser crashes"])).toEqual(["the parser crashes"]);
  });

  it("keeps all where nothing else is left", () => {
    const lines = ["Hi", "", "please fix this issue:"];
    expect(withoutLeadIn(lines)).toEqual(lines);
    expect(withoutLeadIn([""])).toEqual([""]);
  });

  it("keeps a long line, whatever it says", () => {
    const line = `${"this bug ".repeat(40)}:`;
    expect(withoutLeadIn([line, ...REPORT])[0]).toBe(line);
  });
});
