import { describe, expect, it } from "vitest";
import { questionParts } from "../../../src/retrieval/question/question-parts.ts";
import { leaningOf } from "../../../src/retrieval/question/standalone-question.ts";

describe("leaningOf, on everyday wording", () => {
  it.each([
    "Who wrote Faust?",
    "What is hybrid search?",
    "What is a chunk?",
    "Define chunk.",
    "How do I install citewell?",
    "Which file formats can be read?",
    "What is the capital of France?",
    "How long may the meeting room be booked?",
    "Which editors are supported by the MCP server?",
    // Words that continue something else.
    "OR mapping in TypeScript, how is it done?",
    "So-called dark patterns in shops: what are examples?",
    "Then-callbacks or async functions, which are faster?",
    "Yes/no prompts: how are they answered without a terminal?",
    "No module named 'foo': how is this error fixed?",
    "OK status code: which number has it?",
    // "It" that stands for what follows.
    "Does it rain a lot in Bergen?",
    "Is it possible to run citewell offline?",
    "Is it safe to delete the cache folder?",
    "Is it true that every citation is checked?",
    "Is it worth buying a second licence?",
    "How long does it take to index 10,000 files?",
    "How much does it cost to insure a parcel abroad?",
    "What does it mean when a citation is not verified?",
    "Can it happen that a file is indexed twice?",
    "Does it matter whether files are sorted by date?",
    "How is it decided which chunk comes first?",
    // What is spoken of stands in the question.
    "If the server stops working, does it lose data?",
    "If a document changes, is it embedded again?",
    "When a file is deleted, what happens to it in the collection?",
    "Does citewell keep its cache on disk?",
    "How does a user reset their password?",
    "Why do penguins lose their feathers?",
    "What did Marie Curie get her first Nobel prize for?",
    "Can one token have more than one scope?",
    "What does this error mean: ECONNREFUSED 127.0.0.1:6333?",
    "Is there a way to do this: rename a collection without embedding again?",
    "I have the problem that my search finds nothing. What can I do?",
    "How do I make sure that nothing is deleted?",
    "What is the exit code that says that some files failed?",
    "How does one search differ from another?",
    "Why do some searches take longer than others?",
    "Is the first ingestion slower than the next?",
    // The project that is asked.
    "What is this project about?",
    "What does this project do?",
    "What is the purpose of this repository?",
    "Is this software free for commercial use?",
    "Where in this codebase are routes defined?",
    "Which languages does this handbook exist in?",
    // Names of settings, flags and code.
    "CITEWELL_DATA",
    "--no-stop",
    "search --explain",
    "SO_REUSEADDR: when is it set?",
    "`createRetriever`",
    "getUserName",
    // Errors, other languages.
    "Error: listen EADDRINUSE: address already in use 0.0.0.0:8080",
    "TypeError: Cannot read properties of undefined",
    "Was ist der Standardport des Servers?",
    "Quel est le port par défaut du serveur ?",
    "服务器的默认端口是什么？",
    "What did Mitsubishi rename its Forte to?",
  ])("sees that a question stands alone: %s", (question) => {
    expect(leaningOf(question)).toBeNull();
  });

  it.each([
    "And on Windows?",
    "And how do I change the port of the server in Docker containers?",
    "no, I meant the HTTP route of the server process",
    "ok and for teams?",
    "no worries. How do I change the port of the server?",
    "thanks, how long does it last",
    "What about the second one?",
    "Why?",
    "Since when?",
    "In Python?",
    "How many?",
    "Go on",
    "More details please",
    "Show me an example",
    "Is that safe?",
    "Is it safe?",
    "Is it possible to change it?",
    "Is it possible to undo that?",
    "How long does it take?",
    "What does it cost?",
    "Does it also work with Qdrant?",
    "When was he born?",
    "Do they have roles?",
    "And its price?",
    "What are its limits?",
    "Which one is faster?",
    "Which of them is free?",
    "Are there any others?",
    "Is there another way?",
    "Can you give an example of that?",
    "Explain that in more detail",
    "Where is that documented?",
    "Does this apply to folders too?",
    "the same for folders?",
    "What happens then?",
  ])("sees that a question leans on others: %s", (question) => {
    expect(leaningOf(question)).not.toBeNull();
  });
});

describe("questionParts, on everyday wording", () => {
  it.each([
    "How does search and replace work?",
    "What are the pros and cons of Qdrant?",
    "What is R and D?",
    "Does drag and drop work in the web page?",
    "What is X and Y?",
    "How do I use `a && b` and what does it cost?",
    'How do I write "and how do I know" in a sentence?',
    "What does https://example.com/a?b=c and d do?",
    "Why does `foo? bar : baz` fail? How do I fix TypeScript errors?",
    "When and where was the war fought?",
    "Does it matter whether and how files are indexed?",
    "Who decides what is stored and what is removed?",
    'He said "what is life?" and what is death?',
    "What? Why? How?",
    "???",
    "the of and",
  ])("keeps one question whole: %s", (question) => {
    expect(questionParts(question)).toBeNull();
  });
});
