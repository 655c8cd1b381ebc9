import { expect, it } from "vitest";
import { createHttpSessions } from "../../src/mcp/session-calls.ts";

it("cancels a request that was repeated before its first call ended", () => {
  const message = new Request("http://server/mcp", { headers: { "mcp-session-id": "one" } });
  const calls = createHttpSessions().callsOf(message);
  const stopped: string[] = [];
  const endFirst = calls?.begin(1, () => stopped.push("first"));
  const endSecond = calls?.begin(1, () => stopped.push("second"));
  endFirst?.();
  calls?.cancel(1);
  endSecond?.();
  calls?.cancel(1);
  expect(stopped).toEqual(["second"]);
});
