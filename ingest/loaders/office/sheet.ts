/** A cell that holds something. */
export interface SheetCell {
  /** From 0. */
  readonly column: number;
  readonly value: string;
  /** Whether it is words, not a number, a date or a truth value. */
  readonly isText: boolean;
}

/** A row that holds something. */
export interface SheetRow {
  /** As the program counts, from 1. */
  readonly number: number;
  /** In order of their columns. */
  readonly cells: readonly SheetCell[];
}

/** Cells that are shown as one, with the first one's value. Rows from 1, columns from 0; the ends belong to it. */
export interface MergedCells {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
}

/** One sheet of a spreadsheet. */
export interface Sheet {
  readonly name: string;
  readonly isHidden: boolean;
  readonly rows: readonly SheetRow[];
  readonly merged: readonly MergedCells[];
  /** Numbers of rows that the program itself takes for headers of a table. */
  readonly headerRows: ReadonlySet<number>;
  /** What is drawn on it, as Markdown. */
  readonly drawn: readonly string[];
}
