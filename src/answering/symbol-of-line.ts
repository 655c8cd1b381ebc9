/** For entries, which import nothing of retrieval. */
export { symbolOfLine } from "../retrieval/code/symbol-of-line.ts";
