/** How the items of a list begin, level by level. */
export interface DocList {
  /** Null where the level shows nothing, `bullet`, or the number that it begins with. */
  markerOf(level: number): "bullet" | number | null;
}

interface Level {
  readonly start: number;
  readonly format: number;
}

const LIST_SIZE = 28;
const LEVEL_SIZE = 28;
const USE_SIZE = 16;
const LEVELS = 9;
const BULLET = 23;
const NO_NUMBER = 255;
/** Values from which on a paragraph is in no list, though it names one. */
const LAST_USE = 0x7fe;

/** The lists of a file by the number that paragraphs name, from 1. */
export function readLists({
  lists,
  levels,
  uses,
}: {
  readonly lists: Buffer;
  /** Behind the lists, the levels of all of them. */
  readonly levels: Buffer;
  readonly uses: Buffer;
}): (use: number) => DocList | null {
  const byId = readLevels(lists, levels);
  const count = uses.length < 4 ? 0 : Math.min(uses.readUInt32LE(0), Math.floor((uses.length - 4) / USE_SIZE));
  return (use) => {
    if (use < 1 || use > Math.min(count, LAST_USE)) return null;
    const found = byId.get(uses.readInt32LE(4 + (use - 1) * USE_SIZE));
    return {
      markerOf(level) {
        const { start, format } = found?.[level] ?? { start: 1, format: BULLET };
        return format === NO_NUMBER ? null : format === BULLET ? "bullet" : start;
      },
    };
  };
}

function readLevels(lists: Buffer, levels: Buffer): ReadonlyMap<number, readonly Level[]> {
  const byId = new Map<number, readonly Level[]>();
  const count = lists.length < 2 ? 0 : Math.min(lists.readUInt16LE(0), Math.floor((lists.length - 2) / LIST_SIZE));
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const list = 2 + index * LIST_SIZE;
    const own: Level[] = [];
    byId.set(lists.readInt32LE(list), own);
    const isSimple = ((lists[list + 26] ?? 0) & 1) === 1;
    while (own.length < (isSimple ? 1 : LEVELS) && at + LEVEL_SIZE + 2 <= levels.length) {
      own.push({ start: levels.readInt32LE(at), format: levels[at + 4] ?? BULLET });
      const text = at + LEVEL_SIZE + (levels[at + 24] ?? 0) + (levels[at + 25] ?? 0);
      at = text + 2 + 2 * (text + 2 > levels.length ? 0 : levels.readUInt16LE(text));
    }
  }
  return byId;
}
