/** Texts that have broken chunkers, by what is odd about them. */
export const ODD_TEXTS: Readonly<Record<string, string>> = {
  "nothing at all": "",
  "white space only": " \n\t\r\n  \u00a0 \n",
  "one character": "x",
  "a single line of 10,000 letters": "A".repeat(10_000),
  "a single line of 10,000 characters with blanks": "lorem ipsum dolor ".repeat(556),
  "a sentence of 2,000 words without a full stop": "alpha, beta; gamma ".repeat(700),
  "Windows line breaks": "# Title\r\n\r\nFirst sentence. Second one!\r\n\r\n- item one\r\n- item two\r\n",
  "old Mac line breaks": "First line.\rSecond line.\rThird line.",
  "no line break at the end": "One. Two. Three",
  emoji: "Family 👨‍👩‍👧‍👦 and flag 🇩🇪. ".repeat(80),
  "a wall of emoji": "👩🏽‍💻".repeat(1_500),
  "Chinese without blanks": "这是一个句子。另一个句子！第三个句子？".repeat(60),
  "Chinese without marks": "漢字".repeat(2_000),
  "combining characters": "e\u0301a\u0308o\u0302".repeat(1_200),
  "a table": `| name | value |\n|------|-------|\n${"| row of the table | 12,345.67 |\n".repeat(120)}`,
  "a long code fence": `# Code\n\n\`\`\`js\n${"  const value = compute(a, b); // no heading\n# not a heading\n\n".repeat(80)}\`\`\`\n\nAfter.\n`,
  "headings only": "# A\n\n## B\n\n### C\n\nTitle\n=====\n\nOther\n-----\n",
  "front matter": "---\ntitle: A title\ntags: [a, b]\n---\n\n# Heading\n\nText of the page.\n",
  "wrapped lines":
    "This is a line which an editor has wrapped somewhere in the\nmiddle of its sentence, and here it ends. Then comes another that\nis wrapped as well.\n".repeat(
      30,
    ),
  "spelt-out breaks": '"Hello there.\\n\\nHow are you?\\n- Fine, thanks." '.repeat(40),
  "thousands of blank lines": `start${"\n".repeat(5_000)}end`,
  "a long stretch of blanks": `start${" ".repeat(20_000)}end`,
  "mixed indentation": "- a\n  - b\n    - c\n\t- d\n\n        code\n".repeat(40),
};

const FRAGMENTS: readonly string[] = [
  "word",
  "Sentence one. ",
  "Dr. Who said so. ",
  "e.g. this",
  " ",
  "  ",
  "\t",
  "\n",
  "\n\n",
  "\r\n",
  "\r",
  "\n\n\n",
  "# Heading\n",
  "\n## Sub heading\n",
  "```\n",
  "```js\n",
  "| a | b |\n",
  "- item\n",
  "1. step\n",
  "。",
  "漢字",
  "👨‍👩‍👧",
  "🎉",
  "e\u0301",
  "x".repeat(300),
  "lorem ipsum ".repeat(20),
  "; ",
  ", ",
  "---\n",
  "===\n",
  "\\n",
  "\u00a0",
  "\u2028",
  "function f() {\n",
  "}\n",
  "class A:\n",
  "    def b(self):\n",
  "// note\n",
  '"quoted." ',
  "(a) ",
  "…",
  "?!",
  "<b>",
  "\u200d",
];

/** A text of random fragments. */
export function randomText(random: () => number): string {
  const length = Math.floor(random() * 120);
  let text = "";
  for (let index = 0; index < length; index += 1) text += FRAGMENTS[Math.floor(random() * FRAGMENTS.length)] ?? "";
  return text;
}
