import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface KeyFormProps {
  /** Why the last try was refused. */
  readonly refused: string | null;
  readonly onKey: (key: string) => void;
}

/** Asks for the API key. */
export function KeyForm({ refused, onKey }: KeyFormProps): VNode {
  const [key, setKey] = useState("");
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <form
      class="card key-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (key.trim() !== "") onKey(key.trim());
      }}
    >
      <h1>This server asks for an API key</h1>
      {refused !== null && (
        <p class="bad-text" role="alert">
          {refused}
        </p>
      )}
      <p>Whoever runs the server has it. This page keeps it until you close the tab.</p>
      <label>
        <span>API key</span>
        <input
          type="password"
          autocomplete="off"
          ref={box}
          value={key}
          onInput={(event) => setKey(event.currentTarget.value)}
          required
        />
      </label>
      <button type="submit" class="primary">
        Use this key
      </button>
    </form>
  );
}
