import { describe, expect, it } from "vitest";
import { answerCues } from "../../../src/agents/extractive/answer-type.ts";
import { writeExtractiveAnswer } from "../../../src/agents/extractive/extractive-answer.ts";
import { type Fit, fitOf, judge } from "../../../src/agents/extractive/judge-fit.ts";
import { sentencesOf } from "../../../src/agents/extractive/passage-sentences.ts";
import { addSimilarities } from "../../../src/agents/extractive/question-readings.ts";
import { scoreSentences } from "../../../src/agents/extractive/score-sentences.ts";
import type { Hit } from "../../../src/domain/hit.ts";
import { wantsAllOf } from "../../../src/agents/extractive/wanted-list.ts";
import { findWholeList } from "../../../src/agents/extractive/whole-list.ts";
import { makeHit } from "../made-up-corpus.ts";

function answer(question: string, text: string, part: Partial<Hit> = {}): string {
  const sentences = sentencesOf({ marker: 1, hit: makeHit(text, part) });
  const ranked = scoreSentences(sentences, { question });
  const list = findWholeList(question, sentences);
  return writeExtractiveAnswer({ question, sentences, list, ranked, isPartial: false });
}

describe("wantsAllOf", () => {
  it.each([
    ["which exit codes are there", "exit codes"],
    ["What kinds of sails exist?", "sails"],
    ["Which lamps are there in the page of the mill?", "lamps"],
    ["list all sluice gates", "sluice gates"],
    ["What are the possible statuses?", "statuses"],
    ["Which lamps does it have?", "lamps"],
    ["What tools does the old mill have?", "tools"],
    ["which lamp is broken", null],
    ["What are sluice gates?", null],
    ["Why are the gates open?", null],
    ["How many gates are there?", null],
  ])("reads %j as %j", (question, expected) => {
    expect(wantsAllOf(question)).toBe(expected);
  });
});

describe("writeExtractiveAnswer", () => {
  it("keeps a bold word that a sentence begins with where it goes on behind another one", () => {
    const told = "Water came over the gate of the lock twice in spring.";
    const further = "**Gate:** The lock let water in twice in spring.";
    expect(answer("Did water come in over the gate of the lock twice in spring?", `${told} ${further}`)).toBe(
      `${told} [1] ${further} [1]`,
    );
  });

  it("says whose a line of front matter or of a record is", () => {
    const front = "---\nbirthday: 1951-11-23\ntype: person\n---\n\nShe keeps the lamp.";
    expect(answer("When is the birthday of Mara Quist?", front, { title: "Mara Quist", language: "markdown" })).toBe(
      "**Mara Quist:** birthday: 1951-11-23 [1]",
    );
    const records = "## Name: Mara Quist\nRole: keeper\nPhone: 12\n\n## Name: Jon Vell\nRole: rower\nPhone: 14";
    expect(answer("What is the phone of Jon Vell?", records)).toBe("**Jon Vell:** Phone: 14 [1]");
  });

  it("does not leave a definition half said", () => {
    const told = "Water stands still between two tides.";
    const named = "This state is known as **slack water**.";
    expect(answer("What is slack water?", `${told} ${named} Gulls sleep then.`)).toBe(`${told} ${named} [1]`);
    const begun = "The **slack tide** is a kind of pause.";
    const further = "It refers to the minutes in which no water moves.";
    expect(answer("What is the slack tide?", `${begun} ${further} Gulls sleep.`)).toBe(`${begun} ${further} [1]`);
    expect(answer("What is the slack tide?", `${begun} It rains often. Gulls sleep.`)).toBe(`${begun} [1]`);
  });

  it("prefers the version that is asked about, and takes another one for no sure answer", () => {
    const text = "Lamp 2.4 came out in May 2021 after all.\n\nLamp 1.0 was first shown in 2015.";
    expect(answer("When did lamp 1.0 come out?", text)).toMatch(/^Lamp 1\.0 was first shown/);
    const other = "Lamp 2.4 came out in May 2021 after all.";
    const coverageOf = (question: string): number =>
      fitOf(question, scoreSentences(sentencesOf({ marker: 1, hit: makeHit(other) }), { question })).coverage;
    expect(coverageOf("When did lamp 1.0 come out?")).toBeLessThan(0.5);
    expect(coverageOf("When did lamp 2.4 come out?")).toBeGreaterThanOrEqual(0.5);
  });

  it("does not open with settings whose names have dots", () => {
    const told = "Lamps of the mill are lit with a taper.";
    const settings = `---\ndescription: Lamps of the mill are lit here.\nms.date: 11/20/2025\n---\n\n${told}`;
    expect(answer("What are the lamps of the mill lit with?", settings)).toBe(`${told} [1]`);
  });

  it("shows no line that only says where a site takes its text from", () => {
    const text =
      'The gate is shut by this code:\n\n<Listing number="3">\n\n```rust\n{{#include ../gate.rs}}\n```\n\n</Listing>';
    expect(answer("How do I shut the gate?", text)).toBe("The gate is shut by this code: [1]");
    const captioned = 'Lamps.\n\n<Listing number="3" caption="Shutting the gate by its wheel">\n\nWheels turn.';
    expect(answer("How do I shut the gate by its wheel?", captioned)).toContain("Shutting the gate by its wheel");
    const included = "[!INCLUDE [Shut the gate](../gate.md)]\n\nTurn the wheel to shut the gate.";
    expect(answer("How do I shut the gate?", included)).toBe("Turn the wheel to shut the gate. [1]");
  });

  it("puts the version in front of a note about a release that does not say it", () => {
    const text = "# Notes\n\n## 2.1.0 (2025-03-04)\n\n### Added\n\n- Red lamps.\n\n## 2.0.0\n\n### Added\n\n- Bells.";
    expect(answer("In which version were red lamps added?", text)).toBe("**2.1.0 (2025-03-04):** Red lamps. [1]");
    expect(answer("When were red lamps added?", text)).toMatch(/^\*\*2\.1\.0 \(2025-03-04\):\*\* Red lamps\. \[1\]/);
    expect(answer("Are there red lamps?", text)).toMatch(/^Red lamps\. \[1\]/);
  });

  it("reads a line of YAML with the keys that it stands under", () => {
    const text = "lamps:\n  harbour:\n    oil: whale\n  mill:\n    oil: rape\n";
    expect(answer("Which oil does the mill take?", text, { language: "yaml", title: null })).toMatch(
      /^\*\*lamps › mill:\*\* oil: rape \[1\]/,
    );
  });

  it("prefers of lines of YAML those that say more than their keys", () => {
    const text = "post:\n  operationId: lightLamp\n  summary: Light a lamp\n  description: It burns for an hour.\n";
    const light = answer("What happens when I light a lamp?", text, { language: "yaml", title: null });
    expect(light).toMatch(/^\*\*post \(Light a lamp\):\*\* description: It burns for an hour\. \[1\]/);
    const named = answer("What is the operationId to light a lamp?", text, { language: "yaml", title: null });
    expect(named).toMatch(/^\*\*post \(Light a lamp\):\*\* operationId: lightLamp \[1\]/);
  });

  it("takes one of several fields for no entry", () => {
    const text = "Keeper: Mara Quist\nLamp:       red, of 1874\nOil:        whale";
    expect(answer("Which lamp is it?", text)).toBe("Lamp: red, of 1874 [1]");
  });

  it("prefers the row of the number that is asked about", () => {
    const text =
      "| Grade | Lamp | Answer |\n| --- | --- | --- |\n| 1 | red | 5 hours |\n| 2 | blue | 1 day after 1 call |";
    expect(answer("How fast is the answer for grade 1?", text)).toMatch(/^1 — Lamp: red; Answer: 5 hours \[1\]/);
    expect(answer("How fast is the answer for grade 2?", text)).toMatch(/^2 — /);
  });

  it("answers a question in German by other forms of its words, and by the parts of a compound", () => {
    const text = "Die Lampe ist rot. Die Frist für die Kündigung beträgt drei Monate. Laternen sind abzuschalten.";
    expect(answer("Wie lang ist die Kündigungsfrist?", text)).toMatch(/^Die Frist für die Kündigung/);
    expect(answer("Wie schalte ich die Laterne ab?", text)).toMatch(/^Laternen sind abzuschalten/);
  });

  it("answers who it is in German with a name", () => {
    const text = "Den Vorstand leitet die Vorsitzende oder ihr Vertreter. Vorsitzende ist seit dem Mai Mara Quist.";
    expect(answer("Wer ist die Vorsitzende?", text)).toMatch(/^Vorsitzende ist seit dem Mai Mara Quist\. \[1\]/);
  });

  it("gives the steps for a question how to do something in German", () => {
    const text = "## Sieb reinigen\n\n1. Klappe öffnen.\n2. Sieb ausspülen.\n\n## Lampe\n\nDas Sieb ist rot.";
    expect(answer("Wie reinige ich das Sieb?", text)).toBe("1. Klappe öffnen. [1]\n2. Sieb ausspülen. [1]");
  });

  it("gives the list of one kind under what it is about", () => {
    const text = "# Meeting of the keepers\n\nIt was late.\n\n## Actions\n\n- Ada: oil\n- Mara: bells\n- Tom: paint";
    expect(answer("List the actions from the meeting of the keepers", text)).toBe(
      "- Ada: oil [1]\n- Mara: bells [1]\n- Tom: paint [1]",
    );
  });

  it("takes what stands behind an image for nothing that was announced", () => {
    const text = "The gate of the lock looks like this:\n\n![The gate](gate.svg)\n\nBoats wait.";
    expect(answer("What does the gate of the lock look like?", text)).toBe("The gate of the lock looks like this: [1]");
  });

  it("quotes what a reader sees of links, anchors and quoted blocks", () => {
    const text = [
      '<a id="lock"></a>',
      "> The lock keeper [opens the gate](gates.md#opening) of the canal at dawn, and closes the gate",
      "> at [dusk](../times.md).",
    ].join("\n");
    expect(answer("When does the lock keeper open the gate?", text)).toBe(
      "The lock keeper opens the gate of the canal at dawn, and closes the gate at dusk. [1]",
    );
  });

  it("gives a list whole and in order where a question asks for all of it", () => {
    const text = [
      "# Harbour",
      "",
      "Signals tell ships what to do.",
      "",
      "## Signals",
      "",
      "- One horn means wait. A captain may ask why.",
      "- Two horns mean go.",
      "- Three horns mean that the signals are broken.",
    ].join("\n");
    expect(answer("Which signals are there?", text)).toBe(
      [
        "- One horn means wait. A captain may ask why. [1]",
        "- Two horns mean go. [1]",
        "- Three horns mean that the signals are broken. [1]",
      ].join("\n"),
    );
  });

  it("gives no list of which the passage may have the rest alone", () => {
    const text = "- One horn means stop.\n- Two horns mean go.\n- Three horns mean that the signals are broken.";
    expect(answer("Which signals are there?", text, { heading: "Signals" }).split("\n")).not.toHaveLength(3);
    const later = `Lamps are lit at night.\n${text}`;
    expect(answer("Which signals are there?", later, { heading: "Signals" }).split("\n")).not.toHaveLength(3);
    expect(answer("Which signals are there?", `## Signals\n\n${text}`).split("\n")).toHaveLength(3);
  });

  it("gives the rows of a table that is asked for by the name of its first column, and says what it leaves out", () => {
    const rows = Array.from({ length: 30 }, (_, index) => `| horn ${String(index + 1)} | loud |`);
    const text = ["| signal | sound |", "|---|---|", ...rows].join("\n");
    const lines = answer("list all signals", text).split("\n");
    expect(lines[0]).toBe("- horn 1 — sound: loud [1]");
    expect(lines).toHaveLength(25);
    expect(lines.at(-1)).toBe("- … and 6 more in the passage");
  });

  const RECIPE = [
    "# Bean soup",
    "",
    "Bean soup is eaten warm, and I make bean soup every week.",
    "",
    "## Ingredients",
    "",
    "- two cups of beans",
    "- a leek",
    "- salt",
    "",
    "## Directions",
    "",
    "1. Cut the leek. Take the green part too.",
    "2. Boil the beans with it.",
  ].join("\n");

  it.each(["How do I make bean soup?", "how to cook bean soup", "What are the steps to make bean soup?"])(
    "gives the steps of what a question wants to do: %s",
    (question) => {
      expect(answer(question, RECIPE, { title: "Bean soup" })).toBe(
        "1. Cut the leek. Take the green part too. [1]\n2. Boil the beans with it. [1]",
      );
    },
  );

  it("gives the steps under a heading that says what is to be done", () => {
    const text =
      "## Opening the gate\n\n1. Turn the key.\n2. Push.\n\n## Painting the gate\n\n1. Sand it.\n2. Paint it.";
    expect(answer("How do I paint the gate?", text)).toBe("1. Sand it. [1]\n2. Paint it. [1]");
  });

  it.each(["ingredients of bean soup", "What are the ingredients for bean soup?", "What do I need for bean soup?"])(
    "gives the parts of something: %s",
    (question) => {
      const list = "- two cups of beans [1]\n- a leek [1]\n- salt [1]";
      expect(answer(question, RECIPE, { title: "Bean soup" })).toBe(list);
    },
  );

  it("gives no steps whose first ones are missing", () => {
    const text = "## Painting the gate\n\n3. Sand it.\n4. Paint it.";
    expect(answer("How do I paint the gate?", text)).not.toMatch(/^1\. /m);
    const rest = "1. Sand it.\n1. Paint it.";
    expect(answer("How do I paint the gate?", rest, { title: "Painting the gate" })).not.toMatch(/^1\. /m);
  });

  it.each(["How do I make plum jam?", "ingredients of plum jam", "What do I need for plum jam?"])(
    "gives no list of something else: %s",
    (question) => {
      expect(answer(question, RECIPE, { title: "Bean soup" })).not.toMatch(/^(?:- |1\. )/m);
    },
  );

  it("keeps to sentences where no list is about what is asked for", () => {
    const text = "Lamps are lit at dusk. Some lamps are red.\n\n## Boats\n\n- one\n- two\n- three";
    expect(answer("Which lamps are there?", text)).not.toContain("- one");
  });

  it("goes on with a list behind an item of two sentences", () => {
    const text = "The keeper has these duties:\n\n- Light the lamp. It needs oil.\n- Ring the bell.";
    expect(answer("What duties has the keeper?", text)).toContain(
      "- Light the lamp. It needs oil. [1]\n- Ring the bell. [1]",
    );
  });

  it("brings the code behind a paragraph whose first sentence answers how to do something", () => {
    const text = "To open the gate, run its program. It takes a name.\n\n```sh\ngate open north\n```";
    expect(answer("How do I open the gate?", text)).toBe(
      "To open the gate, run its program. [1]\n\n```sh\ngate open north\n```",
    );
  });

  it("stops before a command that is not complete where a block is cut off", () => {
    const text = "To open the gate, run:\n\n```sh\ngate open north\ngate open south \\";
    expect(answer("How do I open the gate?", text)).toContain("```sh\ngate open north\n```");
  });

  it("gives an entry with a bold label whole", () => {
    const text =
      "**`gate is stuck`**: The gate has no oil. Pour some and wait.\n\n**`gate is open`**: Nothing is wrong.";
    expect(answer("gate is stuck", text)).toMatch(
      /^\*\*`gate is stuck`\*\*: The gate has no oil\. Pour some and wait\. \[1\]/,
    );
  });

  it("gives what a sentence with a colon announces", () => {
    const text = "The height of the gate adds up two parts:\n\nH = A + B";
    expect(answer("How is the height of the gate computed?", text)).toBe(
      "The height of the gate adds up two parts: H = A + B [1]",
    );
  });

  it("gives the sentences before a pronoun back to one that can be understood alone", () => {
    const text = "The gate was made in Lindmouth. It is of oak. Its colour is green.";
    expect(answer("What is its colour?", text)).toBe(`${text} [1]`);
  });

  it("does not take an example of code for an answer where nobody asked how to do something", () => {
    const text = "Gates are heavy.\n\n```ts\nconst gates = openGates({ many: true });\n```";
    expect(answer("How many gates are open?", text)).toMatch(/^Gates are heavy\./);
  });

  it("does not open with the rest of a sentence that began as code", () => {
    const text = "```sh\ngate test\n```\n\nruns the checks of the gate in a mill.\n\nThe gate of the mill is oak.";
    expect(answer("What is the gate of the mill?", text)).toMatch(/^The gate of the mill is oak/);
  });

  it("gives no lone row of a table behind a sentence", () => {
    const text = "The gate of the mill is oak.\n\n| part | of |\n|---|---|\n| gate | mill |\n| oak | gate |";
    expect(answer("What is the gate of the mill made of?", text)).toBe("The gate of the mill is oak. [1]");
  });

  it("gives a row that says something by itself behind a sentence", () => {
    const row = "| gate | In winter the gate of the mill is opened with the help of a horse. |";
    const text = `The gate of the mill is opened by hand.\n\n| part | remark |\n|---|---|\n${row}`;
    expect(answer("How is the gate of the mill opened?", text)).toContain("gate — remark: In winter the gate");
  });

  it("shows the whole definition around a line of source code, and no other", () => {
    const text = [
      "const HEIGHT = 3;",
      "",
      "/** Opens the gate. */",
      "export function openGate(name: string): void {",
      "  // Oil first.",
      "  pour(name);",
      "}",
      "",
      "function pour(name: string): void {}",
    ].join("\n");
    const shown = answer("where is the gate opened", text, { language: "typescript", symbol: "openGate" });
    expect(shown).toContain(
      [
        "The passage shows this code of `openGate`: [1]",
        "",
        "```typescript",
        "/** Opens the gate. */",
        "export function openGate(name: string): void {",
        "  // Oil first.",
        "  pour(name);",
        "}",
        "```",
      ].join("\n"),
    );
    expect(shown).not.toContain("HEIGHT");
  });

  it("shows code that is indented with tabs as it is written", () => {
    const steps = Array.from({ length: 22 }, (_, index) => `\tturn wheel ${String(index)}`);
    const text = ["## Rules", "", "```make", "mill:", ...steps, "\toil hinge", "\tclose gate", "```"].join("\n");
    expect(answer("How do I oil the hinge?", text)).toContain("```make\n\toil hinge\n\tclose gate\n```");
  });

  it("goes on behind a long comment within a definition, whatever it is indented with", () => {
    const comment = Array.from({ length: 16 }, (_, index) => `// Remark ${String(index)}.`);
    for (const indent of ["\t", "    "]) {
      const lines = [...comment, "oil(hinge)"].map((line) => indent + line);
      const text = ["func openGate(hinge Hinge) {", ...lines, "}"].join("\n");
      expect(answer("where is the gate opened", text, { language: "go", symbol: "openGate" })).toContain(
        `${indent}oil(hinge)\n}`,
      );
    }
  });
});

describe("how much an answer quotes", () => {
  it("gives little beside a sentence that defines what the question asks the meaning of", () => {
    const text =
      "A sluice is a gate for water. Boats pass a sluice at noon. Rust harms each sluice. Some sluice stands in the south.";
    expect(answer("What is a sluice?", text)).toBe("A sluice is a gate for water. [1]");
  });

  it("keeps a third sentence that stays far behind only where the best leaves much of the question open or has one side of two", () => {
    const third = "Oil the gate in May.";
    const text = `The gate of the old lock opens at dawn for boats. The gate of the lock is of oak. ${third}`;
    expect(answer("When does the gate of the old lock open?", text)).not.toContain(third);
    const sides = "A lock has a gate on each side. Oak lasts, iron too. A weir is a wall with a gate, but no lock.";
    expect(answer("What is the difference between a lock and a weir with a gate?", sides)).toContain(
      "A weir is a wall",
    );
  });

  it("quotes the sentence before a paragraph that refers to it", () => {
    const text = "Waves break the old gate.\n\nTo prevent this, keepers shut the outer gate of the lock at night.";
    expect(answer("Why do keepers shut the outer gate of the lock?", text)).toBe(
      "Waves break the old gate. To prevent this, keepers shut the outer gate of the lock at night. [1]",
    );
  });
});

describe("judge", () => {
  const [question, text] = ["Who keeps the mill?", "The keeper Mara Quist keeps the mill."];
  const fitTo = (asked: string, told: string, similarity: number): Fit => {
    const byWords = scoreSentences(sentencesOf({ marker: 1, hit: makeHit(told) }), { question: asked });
    const readings = [{ text: asked, weight: 1 }];
    return fitOf(asked, addSimilarities(byWords, { readings, cosines: [[similarity]] }));
  };
  const fit = fitTo(question, text, 0.3);

  it("takes words alone for no answer where the evidence is weak and nothing is near in meaning", () => {
    expect(judge(fit, { evidence: "weak", isEmbedded: true })).toBe("insufficient");
    expect(judge({ ...fit, similarity: 0.45 }, { evidence: "weak", isEmbedded: true })).toBe("partial");
  });

  it("takes one of several sentences that are alike and not near for a part of the answer at most", () => {
    const several = "The old mill has a red lamp. The old lamp hangs in the mill.";
    const cosinesOf = (similarity: number) => [[similarity, similarity]];
    const fitOfAll = (told: string, similarity: number): Fit => {
      const asked = "Is the old lamp of the mill trimmed?";
      const ranked = scoreSentences(sentencesOf({ marker: 1, hit: makeHit(told) }), { question: asked });
      const readings = [{ text: asked, weight: 1 }];
      return fitOf(asked, addSimilarities(ranked, { readings, cosines: cosinesOf(similarity) }));
    };
    const good = { evidence: "good", isEmbedded: true } as const;
    expect(judge(fitOfAll(several, 0.45), good)).toBe("partial");
    // Near in meaning, or ahead of the others.
    expect(judge(fitOfAll(several, 0.6), good)).toBe("answered");
    expect(judge(fitOfAll("The old mill has a red lamp. Gulls sleep.", 0.45), good)).toBe("answered");
  });

  it("takes a name of letters and digits for what is meant, however far the sentence is in meaning", () => {
    const weak = { evidence: "weak", isEmbedded: true } as const;
    expect(judge(fitTo("What does E217 mean?", "The export ends with E217 in leap years.", 0.2), weak)).toBe("partial");
    expect(judge(fitTo("What does E217 mean?", "The export ends with E2171 in leap years.", 0.2), weak)).toBe(
      "insufficient",
    );
    expect(judge(fitTo("What does E217 cost in gold?", "The export ends with E217.", 0.2), weak)).toBe("insufficient");
    expect(judge(fitTo("What does 2024 mean?", "It was in 2024.", 0.2), weak)).toBe("insufficient");
  });

  it("goes by the words where the evidence is good, or meaning was not looked at", () => {
    expect(judge(fit, { evidence: "good", isEmbedded: true })).toBe("answered");
    expect(judge(fit, { evidence: "weak", isEmbedded: false })).toBe("partial");
  });
});

describe("checklists", () => {
  const NOTE = [
    "# Mill renovation",
    "",
    "The mill stands by the lock.",
    "",
    "## Tasks",
    "",
    "- [x] measure the wheel",
    "- [ ] order shingles (max. £450)",
    "- [ ] pay the joiner by 31 July",
    "",
    "## Packing list",
    "",
    "- [x] tent",
    "- [ ] maps",
    "- [ ] ropes",
  ].join("\n");
  const OPEN = "- [ ] order shingles (max. £450) [1]\n- [ ] pay the joiner by 31 July [1]";
  const title = { title: "Mill renovation" };

  it.each([
    ["What is left to do for the mill?", `${OPEN}\n- [ ] maps [1]\n- [ ] ropes [1]`],
    ["open tasks", `${OPEN}\n- [ ] maps [1]\n- [ ] ropes [1]`],
    ["What still has to be packed for the mill?", "- [ ] maps [1]\n- [ ] ropes [1]"],
    ["What is done in the mill?", "- [x] measure the wheel [1]\n- [x] tent [1]"],
    ["packing list for the mill", "- [x] tent [1]\n- [ ] maps [1]\n- [ ] ropes [1]"],
  ])("answer %j by their items, with their boxes", (question, expected) => {
    expect(answer(question, NOTE, title)).toBe(expected);
  });

  it.each([
    "What is left to do for the bridge?",
    "What do I have to do when the bell rings?",
    "What has to be signed?",
  ])("answer no question about something else: %s", (question) => {
    expect(answer(question, NOTE, title)).not.toContain(OPEN);
  });
});

describe("a list below a heading that asks", () => {
  const POLICY = [
    "## What is covered",
    "",
    "We pay for damage by:",
    "",
    "- fire",
    "- storm",
    "",
    "## What is not covered",
    "",
    "- moths",
    "- floods of the lock",
    "",
    "## Excess",
    "",
    "You pay 150 pounds of every claim.",
  ].join("\n");

  it("answers what it asks, and not its opposite", () => {
    const title = { title: "House insurance" };
    expect(answer("What is not covered by the house insurance?", POLICY, title)).toMatch(/^floods of the lock/);
    expect(answer("What is covered by the house insurance?", POLICY, title)).toContain("- fire [1]");
    expect(answer("What is covered by the house insurance?", POLICY, title)).not.toContain("moths");
  });
});

describe("what only names something else", () => {
  it("is a caption, or a line in a table of contents", () => {
    const text =
      "Sails of the mill are of linen.\n\nFigure\u00a01.2: Sails of the mill by size.\n\n6 Sails Mill 10\n\n7 Lamps 12";
    expect(answer("What are sails of the mill?", text)).toBe("Sails of the mill are of linen. [1]");
    expect(answer("What does figure 1.2 show?", text)).toContain("by size");
  });
});

describe("a list that letters count", () => {
  const text =
    "2.1. The keeper of the gate shall hold:\na. the key of iron, which he carries about with him by day and by night, and\ndoes not lend;\nb. the red lamp; and\nc. the oil for it.\n2.2. Nobody sleeps there.";

  it("is quoted whole with what announces it, whichever item answers", () => {
    const quoted = [
      "The keeper of the gate shall hold: [1]",
      "",
      "- the key of iron, which he carries about with him by day and by night, and does not lend; [1]",
      "- the red lamp; and [1]",
      "- the oil for it. [1]",
    ].join("\n");
    expect(answer("Which lamp is red?", text)).toContain(quoted);
  });

  it("leaves an item that is a sentence alone", () => {
    const long = "It holds:\na. The lamp of the gate is lit by the keeper every evening.\nb. The oil is kept below.";
    expect(answer("Who lights the lamp?", long)).toMatch(/^The lamp of the gate is lit by the keeper every evening/);
  });
});

describe("a list within an item", () => {
  const RULES = [
    "1. Money for clubs. Currently, the funds that clubs may apply to are:",
    "   1. the boat fund",
    "   1. the gate fund",
    "   1. the lamp fund",
    "1. The committee meets monthly.",
  ].join("\n");

  it("is given where the item announces it, up to the next item", () => {
    const list = "- the boat fund [1]\n- the gate fund [1]\n- the lamp fund [1]";
    expect(answer("What are the possible funds?", RULES)).toContain(list);
    expect(answer("Which funds may clubs apply to?", RULES)).not.toContain("monthly");
  });
});

describe("a row of a table", () => {
  const CODES =
    "| Code | Meaning |\n| --- | --- |\n| E20 | Water stays |\n| E40 | Door is open |\n| E60 | Motor is hot |";

  it("is quoted alone where the others have no word of the question", () => {
    expect(answer("What does E20 mean?", CODES, { title: "Washing machine" })).toBe("E20 — Meaning: Water stays [1]");
  });
});

describe("a paragraph behind a label", () => {
  it("is quoted whole, with a label in bold or plain", () => {
    const text =
      "Pressure: The needle of the boiler stands at 1 bar. If it falls, open both taps.\n\nFrost: Leave it on.";
    expect(answer("What does the needle of the boiler show?", text)).toContain("If it falls, open both taps. [1]");
  });
});

describe("cues for what a question asks", () => {
  const cue = (question: string, sentence: string): number =>
    answerCues(question).reduce((sum, { weight, share }) => sum + weight * share(sentence), 0);

  it.each([
    ["When is the salary paid?", "Pay comes on the 1st of each month.", "Pay comes with the letter."],
    ["When must I report it?", "Report it within three days.", "Report it at the gate."],
    ["Wann ist der Beitrag fällig?", "Er ist zum ersten Werktag fällig.", "Er ist beim Kassierer fällig."],
    ["Wie hoch ist der Beitrag?", "Er liegt bei 30 Euro.", "Er liegt beim Kassierer."],
    ["Quand a lieu la réunion ?", "Elle a lieu en avril.", "Elle a lieu ici."],
  ])("tell for %j a sentence that says it from one that does not", (question, says, other) => {
    expect(cue(question, says)).toBeGreaterThan(cue(question, other));
  });
});

describe("a comparison", () => {
  it("gets all rows of the table that is called what is compared", () => {
    const text = [
      "## Quotes",
      "",
      "| Firm | Price |",
      "| --- | --- |",
      "| Quist | £6,120 |",
      "| Brask | £5,480 |",
      "| Ole | £7,350 |",
    ].join("\n");
    expect(answer("Compare the quotes for the mill", text, { title: "Mill renovation" }).split("\n")).toEqual([
      "- Quist — Price: £6,120 [1]",
      "- Brask — Price: £5,480 [1]",
      "- Ole — Price: £7,350 [1]",
    ]);
  });
});

describe("a question about a day", () => {
  const DIARY = [
    "# 2025-06-14",
    "",
    "The operation went well. Sent flowers.",
    "",
    "Leak under the sink, the plumber came.",
    "",
    "- [ ] claim the delay of 7 June 2025",
  ].join("\n");

  it("is answered by the beginning of what stands under that day", () => {
    const said = answer("What happened on 14 June 2025?", DIARY, { title: "Daily 2025-06-14" });
    expect(said).toMatch(/^The operation went well\. \[1\]/);
    expect(said).not.toContain("7 June");
  });

  it("is answered by its other words where it has some", () => {
    const said = answer("Who came on 14 June 2025 for the sink?", DIARY, { title: "Daily 2025-06-14" });
    expect(said).toMatch(/^Leak under the sink, the plumber came\./);
  });
});
