export { splitSentences } from "../lexical/sentences.ts";
