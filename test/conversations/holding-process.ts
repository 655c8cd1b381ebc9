import { holdFile } from "../../src/conversations/hold-file.ts";

// Holds the file that it is given and says so, until it is killed.
await holdFile(process.argv[2] ?? "");
process.stdout.write("held\n");
setInterval(() => undefined, 1_000);
