import { describe, expect, it } from "vitest";
import { readTask } from "../../../src/retrieval/code/read-task.ts";

/** Traces of one failure in `src/feeder.*`, called from somebody's own program. */
const TRACES: readonly (readonly [language: string, trace: string, place: readonly [string, number, string | null]])[] =
  [
    [
      "Python",
      'Traceback (most recent call last):\n  File "/app/main.py", line 3, in <module>\n    run()\n  File "/x/src/feeder.py", line 41, in fill_bowl\n    bowl[9]\n    ~~~~^^^\nIndexError: list index out of range',
      ["/x/src/feeder.py", 41, "fill_bowl"],
    ],
    [
      "JavaScript",
      "TypeError: bowl is undefined\n    at Feeder.fillBowl (file:///x/src/feeder.ts:41:7)\n    at async Promise.all (index 0)\n    at node:internal/main/run:1:2",
      ["/x/src/feeder.ts", 41, "Feeder.fillBowl"],
    ],
    [
      "Java",
      "java.lang.IllegalStateException: no bowl\n\tat zoo.food.Feeder$Bowl.fill(Feeder.java:41)\n\tat java.base/java.lang.Thread.run(Thread.java:8)\n\t... 3 more",
      ["zoo/food/Feeder.java", 41, "zoo.food.Feeder$Bowl.fill"],
    ],
    [
      "Go",
      "panic: no bowl\n\ngoroutine 1 [running]:\nexample.org/zoo.(*Feeder).Fill(...)\n\t/x/src/feeder.go:41 +0x1d\nmain.main()\n\t/app/main.go:3 +0x2a",
      ["/x/src/feeder.go", 41, "example.org/zoo.(*Feeder).Fill"],
    ],
    [
      "Rust",
      "thread 'main' panicked at 'no bowl', library/core/src/option.rs:9:5\nstack backtrace:\n   4: zoo::feeder::Feeder::fill\n             at ./src/feeder.rs:41:5",
      ["./src/feeder.rs", 41, "zoo::feeder::Feeder::fill"],
    ],
    [
      "gdb",
      "Program received signal SIGSEGV\n(gdb) bt\n#0  0x00000000004a8e31 in zoo::Feeder::fill (this=0x7fffe4001b20) at /x/src/feeder.cc:41\n#1  main () at /app/main.cc:3",
      ["/x/src/feeder.cc", 41, "zoo::Feeder::fill"],
    ],
    ["Ruby", "no bowl (RuntimeError)\n\tfrom /x/src/feeder.rb:41:in `fill'", ["/x/src/feeder.rb", 41, "fill"]],
    [
      "C#",
      "Unhandled exception.\n   at Zoo.Feeder.Fill(Bowl bowl) in C:\\x\\src\\Feeder.cs:line 41",
      ["C:/x/src/Feeder.cs", 41, "Zoo.Feeder.Fill"],
    ],
  ];

describe("readTask", () => {
  it.each(TRACES)("finds the innermost frame of a trace of %s", (_, trace, [path, line, name]) => {
    const [first] = readTask(`It breaks.\n${trace}`).places;
    expect(first).toEqual({ path, line, name, isTraced: true });
  });

  it("keeps the words of its own frames and none of others, nor addresses and lines of code between them", () => {
    const [, trace = ""] = TRACES[0] ?? [];
    const reading = readTask(trace);
    const own = new Set(reading.places.filter(({ path }) => path.endsWith("feeder.py")));
    expect(reading.textWith(own)).toBe(
      "IndexError: list index out of range\nfill_bowl feeder.py\n    bowl[9]\nIndexError: list index out of range",
    );
    const [, native = ""] = TRACES[5] ?? [];
    expect(readTask(native).textWith(new Set())).toBe("Program received signal SIGSEGV");
  });

  it("leaves a task in words as it is", () => {
    for (const task of ["fix: bowls of 0x1F600 at 10:30", "Add a bowl\n\nIt holds water.\n\n- a list\n- of things"]) {
      expect(readTask(task).places).toEqual([]);
      expect(readTask(task).textWith(new Set()).replaceAll("\n\n", "\n")).toBe(task.replaceAll("\n\n", "\n"));
    }
  });

  it("takes off what a form asks for, and keeps what was written into it", () => {
    const issue = [
      "The bowl leaks",
      "<!-- Thanks for the report! -->",
      "### Describe the bug",
      "A clear and concise description of what the bug is.",
      "Water runs out of `Bowl.fill`.",
      "### Steps to reproduce",
      "```py",
      "# Environment",
      "bowl.fill(3)",
      "```",
      "### Environment",
      "- OS: macOS 14",
      "- Python: 3.12",
      "**Additional context**",
      "Only with milk.",
      "- [x] I have searched the existing issues",
      "- [ ] also for cats",
    ].join("\n");
    expect(readTask(issue).textWith(new Set())).toBe(
      "The bowl leaks\nWater runs out of `Bowl.fill`.\n```py\n# Environment\nbowl.fill(3)\n```\nOnly with milk.\n- [ ] also for cats",
    );
  });

  it("takes off what the form of a pull request asks for, and keeps what was written into it", () => {
    const request = [
      "feat: bowls for milk",
      "## 🎯 Changes",
      "What changes are made in this PR? Is it a feature or a bug fix?",
      "<!--",
      "Note: we format your branch",
      "-->",
      "*Summarize the changes made by this PR.*",
      "- Improvements & Bug fixes",
      "- *Milk* stays in `Bowl.fill`",
      "**Breaking changes**",
      "None",
      "## Test plan",
      "*How are these changes tested?*",
      "- [x] Tests pass locally with `pytest`",
      "---------",
      "* tests for cats",
      "🤖 Generated with [a program](https://host.example)",
      "Co-authored-by: Cat <cat@host.example>",
    ].join("\n");
    expect(readTask(request).textWith(new Set())).toBe(
      "feat: bowls for milk\n- *Milk* stays in `Bowl.fill`\n* tests for cats",
    );
    expect(readTask(request).isPasted).toBe(true);
  });

  it("keeps lines that only look like those of a form", () => {
    for (const task of ["Tests\nfor cats", "Documentation", "Bowls\n<!-- is no comment\nfor cats", "碗\n修复 tests"]) {
      expect(readTask(task).textWith(new Set())).toBe(task);
    }
  });

  it("does not search for the words of a link to an issue, and does for those of other links", () => {
    const textOf = (task: string): string => readTask(task).textWith(new Set());
    expect(textOf("Bowl leaks, see https://host.example/zoo/bowl-client/issues/12#note).")).toBe("Bowl leaks, see  ).");
    expect(
      textOf("As in https://host.example/a/b/-/merge_requests/3\nand in https://host.example/a/b/commit/0a1b2c3"),
    ).toBe("As in  \nand in  ");
    const address = "GET https://api.host.example/v1/bowls and https://host.example/zoo/blob/main/src/bowl.py";
    expect(textOf(address)).toBe(address);
  });

  it("finds places that compilers, tests and people name", () => {
    const places = (task: string): readonly unknown[] =>
      readTask(task).places.map(({ path, line, name, isTraced }) => [path, line, name, isTraced]);
    expect(places("src/bowl.ts(12,5): error TS2345: no")).toEqual([["src/bowl.ts", 12, null, true]]);
    expect(places("FAILED tests/test_bowl.py::test_leak - AssertionError")).toEqual([
      ["tests/test_bowl.py", null, "test_leak", true],
    ]);
    expect(places("See https://host.example/zoo/blob/main/src/bowl.py#L80 for it")).toEqual([
      ["https://host.example/zoo/blob/main/src/bowl.py", 80, null, false],
    ]);
    expect(places("call c.String(200) of bowl.ts, see chapter 3.4:5")).toEqual([]);
  });

  it("searches for a task as it is where nothing else would remain", () => {
    const task = "Traceback (most recent call last):\n...";
    expect(readTask("### Environment\nLinux").textWith(new Set())).toBe("### Environment\nLinux");
    expect(readTask(task).textWith(new Set())).toBe("...");
  });
});
