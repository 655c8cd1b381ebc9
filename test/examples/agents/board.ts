/** A move of the little board game: a piece goes from one square to another. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/**
 * A chess board with the moves of pawns and knights, which is enough for an opening: who may move, where pieces go, and
 * what stands in the way. Checks and castling are not looked at.
 */
export class Board {
  readonly #pieces = new Map<string, string>();
  #turn: "white" | "black" = "white";

  constructor() {
    for (const [index, file] of "abcdefgh".split("").entries()) {
      this.#pieces.set(`${file}1`, "RNBQKBNR".charAt(index));
      this.#pieces.set(`${file}2`, "P");
      this.#pieces.set(`${file}7`, "p");
      this.#pieces.set(`${file}8`, "rnbqkbnr".charAt(index));
    }
  }

  get turn(): "white" | "black" {
    return this.#turn;
  }

  /** Every move that is allowed now, such as `e2e4`. */
  legalMoves(): readonly string[] {
    return [...this.#pieces].flatMap(([from, piece]) =>
      colourOf(piece) === this.#turn ? this.#targets(from, piece).map((to) => from + to) : [],
    );
  }

  /** Moves; throws with what is allowed where the move is not. */
  move({ from, to }: Move): string {
    if (!this.legalMoves().includes(from + to)) {
      const own = this.legalMoves().filter((move) => move.startsWith(from));
      throw new Error(`${from}${to} is not allowed for ${this.#turn}. From ${from}: ${own.join(", ") || "nothing"}.`);
    }
    const taken = this.#pieces.get(to);
    const piece = this.#pieces.get(from) ?? "";
    this.#pieces.delete(from);
    this.#pieces.set(to, piece);
    this.#turn = this.#turn === "white" ? "black" : "white";
    return `Moved ${piece} from ${from} to ${to}${taken === undefined ? "" : `, taking ${taken}`}.`;
  }

  #targets(from: string, piece: string): string[] {
    if (piece.toUpperCase() === "N") return this.#knight(from);
    return piece.toUpperCase() === "P" ? this.#pawn(from) : [];
  }

  #knight(from: string): string[] {
    const steps = [1, 2].flatMap((one) => [one, -one].flatMap((a) => [3 - one, one - 3].map((b) => [a, b] as const)));
    return steps.flatMap(([files, ranks]) => {
      const to = shift(from, files, ranks);
      const there = to === null ? undefined : this.#pieces.get(to);
      return to === null || (there !== undefined && colourOf(there) === this.#turn) ? [] : [to];
    });
  }

  #pawn(from: string): string[] {
    const ahead = this.#turn === "white" ? 1 : -1;
    const start = this.#turn === "white" ? "2" : "7";
    const free = (to: string | null): to is string => to !== null && !this.#pieces.has(to);
    const one = shift(from, 0, ahead);
    const two = shift(from, 0, 2 * ahead);
    const taking = [-1, 1]
      .map((files) => shift(from, files, ahead))
      .filter((to) => {
        const there = to === null ? undefined : this.#pieces.get(to);
        return there !== undefined && colourOf(there) !== this.#turn;
      });
    return [
      ...(free(one) ? [one] : []),
      ...(free(one) && free(two) && from.endsWith(start) ? [two] : []),
      ...taking,
    ].filter((to) => to !== null);
  }
}

function colourOf(piece: string): "white" | "black" {
  return piece === piece.toUpperCase() ? "white" : "black";
}

function shift(square: string, files: number, ranks: number): string | null {
  const to = String.fromCharCode(square.charCodeAt(0) + files) + String(Number(square.charAt(1)) + ranks);
  return /^[a-h][1-8]$/.test(to) ? to : null;
}
