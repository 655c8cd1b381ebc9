import { z } from "zod";
import type { Memo } from "./memo.ts";

/** What a model found to be learned from a message. */
export interface Lesson {
  readonly add: readonly Pick<Memo, "kind" | "input" | "output">[];
  /** Known memos that the message corrects. */
  readonly correct: readonly { readonly id: string; readonly output: string }[];
  /** Ids of known memos that the message asks to forget. */
  readonly forget: readonly string[];
}

/** Asks a model what a message teaches; its reply is for {@link readLesson}. */
export const TEACHING_PROMPT = `You decide what an assistant should remember of a person's message for later conversations.
Remember only what the message itself states and what will still matter in another conversation:
- a fact that the person tells (not one that they ask for);
- a preference: how the person wants things done;
- a skill: advice on how to solve a kind of task.
Do not remember questions, tasks, small talk, or what the assistant knows already. Never remember passwords, keys or other secrets.
Each memo has an "input" and an "output". Of a fact or preference: a question that somebody may ask later, and its full answer. Of a skill: the kind of task in general words, and the advice. Both must make sense without the message.
The memos that are known already are listed with their ids. When the message contradicts one, correct it instead of adding another; when it asks to forget one, name its id.
Reply with JSON only:
{"add":[{"kind":"fact","input":"…","output":"…"}],"correct":[{"id":"…","output":"…"}],"forget":["…"]}
Empty lists where there is nothing.`;

const LESSON = z.object({
  add: z
    .array(
      z.object({
        kind: z.enum(["fact", "preference", "skill"]).default("fact"),
        input: z.string().trim().min(1),
        output: z.string().trim().min(1),
      }),
    )
    .default([]),
  correct: z.array(z.object({ id: z.string(), output: z.string().trim().min(1) })).default([]),
  forget: z.array(z.string()).default([]),
});

/** A message with the memos that are known, as a model reads it. The ids are short: models mistype long ones. */
export function teachingMessage(content: string, known: readonly Memo[]): string {
  const list = known.map((memo, index) => `${String(index + 1)}: ${memo.input} -> ${memo.output}`);
  return `Known memos:\n${list.length === 0 ? "none" : list.join("\n")}\n\nThe message:\n${content}`;
}

/** Reads a model's reply; null when it is not as asked for. Ids are those of {@link teachingMessage}. */
export function readLesson(reply: string, known: readonly Memo[]): Lesson | null {
  const start = reply.indexOf("{");
  const end = reply.lastIndexOf("}");
  if (start < 0 || end < start) return null;
  let value: unknown;
  try {
    value = JSON.parse(reply.slice(start, end + 1));
  } catch {
    return null;
  }
  const lesson = LESSON.safeParse(value);
  if (!lesson.success) return null;
  const idOf = (number: string): readonly string[] => {
    const memo = known[Number(number) - 1];
    return memo === undefined ? [] : [memo.id];
  };
  return {
    add: lesson.data.add,
    correct: lesson.data.correct.flatMap(({ id, output }) => idOf(id).map((one) => ({ id: one, output }))),
    forget: lesson.data.forget.flatMap(idOf),
  };
}

/** Memos as they stand behind a message. */
export function recalledText(memos: readonly Pick<Memo, "kind" | "input" | "output">[]): string {
  const lines = memos.map(({ kind, input, output }) => `- ${kind}: ${input} -> ${output}`);
  return `\n\n# Memories that might help\n${lines.join("\n")}\n`;
}
