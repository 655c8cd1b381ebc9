import { describe, expect, it } from "vitest";
import { codeFileName } from "../../src/code-execution/code-file-name.ts";
import { createCappedOutput } from "../../src/code-execution/capped-output.ts";
import { codeLanguageOf, inferLanguage } from "../../src/code-execution/code-languages.ts";

describe("inferLanguage", () => {
  it("reads thousands of empty lines in a time that grows with their number", () => {
    expect(inferLanguage("\n \n".repeat(100_000))).toBe("unknown");
    expect(inferLanguage(`x\n${"\n \n".repeat(100_000)} pip install a`)).toBe("sh");
  });

  it.each([
    ["print('hello world')", "python"],
    ["import os\nos.getcwd()", "python"],
    ["def f(x):\n  return x", "python"],
    ["pip install numpy", "sh"],
    ["ls -l", "sh"],
    ["#!/usr/bin/env python3\nx", "python"],
    ["const x = 1", "javascript"],
    ["dummy text", "unknown"],
  ])("takes %j for %s", (code, language) => {
    expect(inferLanguage(code)).toBe(language);
  });
});

describe("codeLanguageOf", () => {
  it("knows a language by its other names and in any case", () => {
    expect(codeLanguageOf("PY")).toBe(codeLanguageOf("python"));
    expect(codeLanguageOf("c++")).toBeNull();
  });
});

describe("codeFileName", () => {
  it.each([
    ["# filename: a.py\nx", "a.py"],
    ["// Filename: b.ts", "b.ts"],
    ["/* filename: c.css */", "c.css"],
    ["<!-- filename: d e.html -->", "d e.html"],
    ["# not a file name", null],
    ["x = 1\n# filename: late.py", null],
  ])("reads %j", (code, name) => {
    expect(codeFileName(code)).toBe(name);
  });
});

describe("createCappedOutput", () => {
  it.each([99, 100, 101, 5_000])("accounts for every one of %i characters", (length) => {
    const output = createCappedOutput(100);
    const text = Array.from({ length }, (_, index) => String(index % 10)).join("");
    for (const letter of text) output.append(letter);
    if (length <= 100) expect(output.text()).toBe(text);
    else {
      expect(output.text()).toBe(
        `${text.slice(0, 50)}\n[${String(length - 100)} characters of output left out]\n${text.slice(-50)}`,
      );
    }
  });
});
