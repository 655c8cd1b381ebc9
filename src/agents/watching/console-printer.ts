import { errorMessage } from "../../errors.ts";
import { describeEvent } from "./describe-event.ts";
import type { RunEvent, RunWatcher } from "./watch-run.ts";

/** Options of {@link createConsolePrinter}. */
export interface ConsolePrinterOptions {
  /** Takes the text. @default standard output */
  readonly write?: ((text: string) => void) | undefined;
  /** Whether replies are shown as they come rather than once they are whole. @default true */
  readonly stream?: boolean | undefined;
}

const RULE = "-".repeat(80);

/** Prints runs for people: who says what, and between the messages a line for everything else that happens. */
export function createConsolePrinter({
  write = (text) => void process.stdout.write(text),
  stream = true,
}: ConsolePrinterOptions = {}): RunWatcher {
  return () => {
    let streaming: string | null = null;
    const headingOf = ({ sender = "" }: RunEvent): string => `${sender === "" ? "message" : sender}:\n\n`;
    return {
      onEvent(event) {
        if (event.type === "delta") {
          if (!stream) return;
          if (streaming === null) write(headingOf(event));
          streaming = (streaming ?? "") + event.text;
          write(event.text);
          return;
        }
        if (event.type === "message") {
          const { content, name, toolCalls = [] } = event.message;
          const wishes = toolCalls.map((call) => `[wishes for ${call.name} (${call.id})]`).join("\n");
          const text = content === "" ? wishes : content;
          // The text stands there already, unless a hook changed it before it was sent.
          if (streaming !== text) write(`${streaming === null ? "" : "\n\n"}${name}:\n\n${text}`);
          streaming = null;
          write(`\n\n${RULE}\n`);
          return;
        }
        const line = describeEvent(event);
        if (line === null) return;
        write(`${streaming === null ? "" : "\n"}[${event.sender === undefined ? "" : `${event.sender}: `}${line}]\n`);
      },
      onEnd(end) {
        if (streaming !== null) write("\n");
        if (end.status === "failed") write(`[failed: ${errorMessage(end.error)}]\n`);
        else if (end.status === "abandoned") write("[broken off]\n");
        streaming = null;
      },
    };
  };
}
