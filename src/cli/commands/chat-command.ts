import { createInterface, type Interface } from "node:readline";
import { runToEnd } from "../../domain/run-to-end.ts";
import { errorMessage, isCitewellError } from "../../errors.ts";
import { createRequest, printAnswer, type AskFlags } from "./ask-command.ts";
import type { CommandContext } from "../command-context.ts";
import { EXIT_DONE, EXIT_INTERRUPTED, interruptExitCode } from "../exit-codes.ts";
import { printable } from "../output/text-layout.ts";

/**
 * Reads questions line by line and prints streamed answers, until `exit` or the end of the input. Ctrl-C stops the
 * answer under way; without one it ends the conversation.
 */
export async function runChat(context: CommandContext, flags: AskFlags): Promise<number> {
  const { io, signal } = context;
  const isDialogue = io.isTerminal.stdin && io.isTerminal.stdout;
  const lines = createInterface({
    input: io.stdin,
    ...(isDialogue ? { output: io.stdout } : {}),
    terminal: isDialogue,
  });
  let answering: AbortController | undefined;
  let isInterrupted = false;
  // A terminal in readline's care turns Ctrl-C into this event instead of a signal of the process.
  lines.on("SIGINT", () => {
    if (answering !== undefined) return answering.abort(new DOMException("The answer was stopped.", "AbortError"));
    isInterrupted = true;
    lines.close();
  });
  const stop = (): void => lines.close();
  signal.addEventListener("abort", stop, { once: true });
  if (isDialogue) context.note(`Ask about the collection "${context.config.collection}"; \`exit\` ends.`);
  let conversationId: string | undefined;
  try {
    for await (const question of promptedLines(lines, { isDialogue, onEnd: () => io.stdout.write("\n") })) {
      if (/^\/?(exit|quit)$/i.test(question)) break;
      answering = new AbortController();
      const turn = { question, flags, conversationId, stop: answering.signal, isDialogue };
      conversationId = await answerLine(context, turn);
      answering = undefined;
      if (signal.aborted) break;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    lines.close();
  }
  if (signal.aborted) return interruptExitCode(signal.reason);
  return isInterrupted ? EXIT_INTERRUPTED : EXIT_DONE;
}

async function* promptedLines(
  lines: Interface,
  { isDialogue, onEnd }: { readonly isDialogue: boolean; readonly onEnd: () => void },
): AsyncGenerator<string> {
  const prompt = (): void => {
    if (isDialogue) lines.prompt();
  };
  lines.setPrompt("> ");
  prompt();
  for await (const line of lines) {
    if (line.trim() !== "") yield line.trim();
    prompt();
  }
  // So that the shell's prompt begins on a line of its own.
  if (isDialogue) onEnd();
}

interface Turn {
  readonly question: string;
  readonly flags: AskFlags;
  readonly conversationId: string | undefined;
  readonly stop: AbortSignal;
  readonly isDialogue: boolean;
}

/** Answers one line and resolves to the conversation's id. A failure is shown, and the person may go on. */
async function answerLine(context: CommandContext, turn: Turn): Promise<string | undefined> {
  const { question, flags, conversationId, stop, isDialogue } = turn;
  const request = {
    ...createRequest(context, { question, flags }),
    signal: AbortSignal.any([context.signal, stop]),
    conversationId,
  };
  try {
    if (context.flags.json) {
      const { answerQuestion } = await context.useCases();
      const answer = await runToEnd(answerQuestion(request));
      context.printJson(answer);
      return answer.conversationId;
    }
    const answer = await printAnswer(context, { request, stream: true });
    context.print("");
    return answer.conversationId;
  } catch (error) {
    if (stop.aborted) context.io.stderr.write("\n(stopped)\n");
    else if (!isDialogue || !isCitewellError(error)) throw error;
    else context.io.stderr.write(`citewell: ${printable(errorMessage(error))}\n`);
    return conversationId;
  }
}
