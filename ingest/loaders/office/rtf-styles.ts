/** What the styles of a rich text file say of headings. */
export interface RtfStyles {
  /** Takes a control word of a style's definition. */
  word(name: string, value: number | null): void;
  /** A style's name ends its definition. */
  addName(words: string): void;
  /** Ends a style's definition. */
  endStyle(): void;
  /** The outline level of paragraphs of a style, from 0; null where they are no headings. */
  outlineOf(style: number | null): number | null;
}

interface Style {
  readonly number: number | null;
  readonly outline: number | null;
  readonly name: string;
}

const NONE: Style = { number: null, outline: null, name: "" };

/** Makes the empty list of a file's styles. */
export function createRtfStyles(): RtfStyles {
  const outlines = new Map<number, number>();
  let style = NONE;
  return {
    word(name, value) {
      if (name === "s") style = { ...style, number: value };
      else if (name === "outlinelevel") style = { ...style, outline: value };
    },
    addName(words) {
      style = { ...style, name: style.name + words };
    },
    endStyle() {
      const named = /^\s*heading (\d)/i.exec(style.name)?.[1];
      const outline = style.outline ?? (named === undefined ? null : Number(named) - 1);
      if (style.number !== null && outline !== null) outlines.set(style.number, outline);
      style = NONE;
    },
    outlineOf: (number) => outlines.get(number ?? -1) ?? null,
  };
}
