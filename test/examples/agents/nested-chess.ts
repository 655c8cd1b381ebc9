// Two players at one board: each move is made in a nested chat with the board's proxy, whose tool refuses wrong ones.
import { z } from "zod";
import { AssistantAgent, ConversableAgent, defineTool, registerFunction } from "../../../src/index.ts";
import type { ChatResult, NestedMessageFunction } from "../../../src/index.ts";
import { Board } from "./board.ts";
import { runAsProgram, runChat } from "./example-program.ts";
import type { ExampleParts } from "./example-program.ts";

const square = z.string().regex(/^[a-h][1-8]$/);

/** Plays two moves of each side. */
export async function runNestedChess({
  model,
  watchers,
}: ExampleParts): Promise<ChatResult & { readonly board: Board }> {
  const board = new Board();
  let moved = false;
  const boardProxy = new ConversableAgent({
    name: "board_proxy",
    humanInputMode: "NEVER",
    // What a player says after a move ends the nested chat; anything else is answered.
    isTerminationMsg: ({ toolCalls = [] }) => moved && toolCalls.length === 0,
    defaultAutoReply: "Make a move with make_move.",
  });
  const legalMoves = defineTool({
    name: "legal_moves",
    description: "Lists the moves that are allowed now.",
    execute: () => board.legalMoves().join(","),
  });
  const makeMove = defineTool({
    name: "make_move",
    description: "Moves a piece.",
    parameters: z.object({ from: square.describe("Square it leaves"), to: square.describe("Square it goes to") }),
    execute: (move) => {
      const report = board.move(move);
      moved = true;
      return report;
    },
  });
  const beginMove: NestedMessageFunction = (_recipient, messages) => {
    moved = false;
    return messages.at(-1)?.content ?? "";
  };
  const player = (colour: string, opponent: string): AssistantAgent => {
    const agent = new AssistantAgent({
      name: `player_${colour}`,
      systemMessage: `You play ${colour} in a game of chess. Ask legal_moves when unsure, move with make_move, then say your move.`,
      ...model,
    });
    for (const tool of [legalMoves, makeMove]) registerFunction(tool, { caller: agent, executor: boardProxy });
    agent.registerNestedChats([{ sender: boardProxy, recipient: agent, message: beginMove }], {
      trigger: `player_${opponent}`,
    });
    return agent;
  };
  const white = player("white", "black");
  const black = player("black", "white");
  const result = await runChat(black.streamChat(white, { message: "Let us play. Your move.", maxTurns: 2 }), {
    watchers,
  });
  return { ...result, board };
}

await runAsProgram(import.meta.url, runNestedChess);
