import type { VNode } from "preact";
import { useState } from "preact/hooks";

interface KeyFormProps {
  /** Why the last try was refused. */
  readonly refused: string | null;
  readonly onKey: (key: string) => void;
}

/** Asks for the API key. */
export function KeyForm({ refused, onKey }: KeyFormProps): VNode {
  const [key, setKey] = useState("");
  return (
    <form
      class="card key-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (key.trim() !== "") onKey(key.trim());
      }}
    >
      <h2>This server asks for an API key</h2>
      <p>{refused ?? "Enter one of its keys."} It is kept until you close this tab.</p>
      <label>
        <span>API key</span>
        <input
          type="password"
          autocomplete="off"
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
