import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface ComposerProps {
  readonly running: boolean;
  readonly placeholder: string;
  readonly onAsk: (question: string) => void;
  readonly onStop: () => void;
}

/** Longest question the server takes. */
const MAX_LENGTH = 8_000;

/** Where a question is written. Enter sends, Shift+Enter breaks the line. */
export function Composer({ running, placeholder, onAsk, onStop }: ComposerProps): VNode {
  const [question, setQuestion] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus({ preventScroll: true }), []);

  const send = (): void => {
    const text = question.trim();
    if (text === "" || running) return;
    setQuestion("");
    onAsk(text);
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="visually-hidden" for="question">
        Your question
      </label>
      <textarea
        id="question"
        dir="auto"
        ref={box}
        rows={1}
        maxLength={MAX_LENGTH}
        placeholder={placeholder}
        value={question}
        onInput={(event) => setQuestion(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      {running ? (
        <button
          type="button"
          class="stop"
          onClick={() => {
            // The button goes away with the focus.
            box.current?.focus({ preventScroll: true });
            onStop();
          }}
        >
          <span class="stop-mark" aria-hidden="true" /> Stop
        </button>
      ) : (
        <button type="submit" class="primary" disabled={question.trim() === ""}>
          Ask
        </button>
      )}
    </form>
  );
}
