import type { CanonicalForm } from "./canonical-form.ts";

export interface ComparedColumn {
  source: string;
  target: string;
  form: CanonicalForm;
}

export interface UncheckedColumn {
  column: string;
  reason: string;
}

/** What is compared with what: the layout both ends are opened with. */
export interface Comparison {
  /** Key first, then the rest, in the source's order. */
  columns: readonly ComparedColumn[];
  /** How many of the first columns are the key; 0 compares rows as a multiset. */
  keyLength: number;
  /** No two rows of one end share a key, for certain. */
  uniqueKey: boolean;
  /** Never compared, and said so. */
  unchecked: readonly UncheckedColumn[];
}

/** One end's part of a comparison. */
export interface SideLayout {
  columns: readonly { name: string; form: CanonicalForm }[];
  keyLength: number;
}

/** What one end is opened with. */
export function layoutOf({ columns, keyLength }: Comparison, end: "source" | "target"): SideLayout {
  return { keyLength, columns: columns.map((column) => ({ name: column[end], form: column.form })) };
}
