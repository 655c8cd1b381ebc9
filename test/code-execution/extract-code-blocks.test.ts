import { describe, expect, it } from "vitest";
import { extractCodeBlocks } from "../../src/code-execution/extract-code-blocks.ts";
import { createRefusingExecutor } from "../../src/code-execution/refusing-executor.ts";

describe("extractCodeBlocks", () => {
  it.each([
    ["nothing", "just text", []],
    ["one block", "a\n```python\nx = 1\n```\nb", [["python", "x = 1"]]],
    [
      "two blocks",
      "```sh\nls\n```\n```\ny\n```",
      [
        ["sh", "ls"],
        ["", "y"],
      ],
    ],
    ["CRLF", "```js\r\na\r\nb\r\n```", [["js", "a\nb"]]],
    ["an inline closing fence", "```python\nx=1```", [["python", "x=1"]]],
    ["c++", "```C++\nint x;\n```", [["c++", "int x;"]]],
    ["a nested fence", "````md\n```sh\nls\n```\n````", [["md", "```sh\nls\n```"]]],
    ["an indented block", "  ```py\n  if x:\n    y\n  ```", [["py", "if x:\n  y"]]],
    ["tildes", "~~~ruby\nputs 1\n~~~", [["ruby", "puts 1"]]],
    ["a missing end", "```go\nfunc main() {}\n", [["go", "func main() {}"]]],
    ["an info string", '```ts title="x"\nlet a;\n```', [["ts", "let a;"]]],
    ["inline code", "use ```x``` here", []],
    ["an empty block", "```\n```", []],
  ])("reads %s", (_title, text, blocks) => {
    expect(extractCodeBlocks(text).map(({ language, code }) => [language, code])).toEqual(blocks);
  });
});

describe("createRefusingExecutor", () => {
  it("says that nothing was run, as a result", async () => {
    const result = await createRefusingExecutor().execute([{ language: "sh", code: "ls" }]);
    expect(result.exitCode).toBe(1);
    expect(result.output).toContain("code_execution_refused");
  });
});
