import { z } from "zod";
import { CitewellError } from "../../errors.ts";
import type { Conversation } from "../conversation.ts";

/** The form in which conversations are stored; raised when it changes. */
const CONVERSATION_VERSION = 1;

/** The conversation as JSON text. It may be taken after any message. Throws a `TypeError` for what is no conversation. */
export function serializeConversation(conversation: Conversation): string {
  if (!Array.isArray(conversation?.messages)) {
    throw new TypeError("serializeConversation takes the conversation of a result: result.conversation.");
  }
  return JSON.stringify({ version: CONVERSATION_VERSION, conversation });
}

/** Reads what {@link serializeConversation} wrote. Throws `usage_invalid` for anything else. */
export function deserializeConversation(text: string): Conversation {
  const value = parse(text);
  const version = VERSION.safeParse(value);
  if (version.success && version.data.version !== CONVERSATION_VERSION) {
    throw new CitewellError(
      "usage_invalid",
      `The conversation was stored in version ${String(version.data.version)}, and this program reads version ${String(CONVERSATION_VERSION)}; open it with the version of citewell that wrote it.`,
    );
  }
  const checked = STORED.safeParse(value);
  if (checked.success) {
    // What lies deeper than the schema looks was written by `serializeConversation`.
    const stored: { readonly conversation: Conversation } = JSON.parse(text);
    return stored.conversation;
  }
  const [issue] = checked.error.issues;
  throw new CitewellError(
    "usage_invalid",
    `This is no stored conversation: ${[issue?.path.join("."), issue?.message].filter(Boolean).join(" ")}. Store conversations with serializeConversation.`,
    { problems: checked.error.issues.map(({ path, message }) => ({ path: path.join("."), message })) },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CitewellError(
      "usage_invalid",
      "This is no stored conversation: it is not correct JSON. Store conversations with serializeConversation.",
      { cause: error },
    );
  }
}

const VERSION = z.object({ version: z.number() });
const MESSAGE = z.looseObject({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: z.string(),
  name: z.string(),
});
const PENDING = z.object({ agent: z.string(), prompt: z.string() });
const STORED = z.object({
  version: z.literal(CONVERSATION_VERSION),
  conversation: z.object({
    id: z.string(),
    participants: z.array(z.string()),
    messages: z.array(MESSAGE),
    modelCalls: z.array(z.looseObject({ agent: z.string(), model: z.string() })),
    toolCalls: z.array(z.looseObject({ id: z.string(), tool: z.string() })),
    humanInput: z.array(z.string()),
    states: z.record(z.string(), z.record(z.string(), z.unknown())),
    outcome: z.looseObject({ status: z.string(), reason: z.string(), detail: z.string() }).nullable(),
    pending: PENDING.nullable(),
    answers: z.array(PENDING.extend({ reply: z.string() })),
    progress: z.looseObject({ next: z.string(), turns: z.number() }).nullable(),
  }),
});
