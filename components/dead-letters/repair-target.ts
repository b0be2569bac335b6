import type { Selection } from "#domain/dead-letters/schema.ts";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";

/** The dead letters a repair is about, as they were counted when somebody looked. */
export interface RepairTarget {
  /** A replay works on one cluster; undefined where several are meant. */
  cluster: string | undefined;
  selection: Selection;
  records: number;
  /** There are more than were counted. */
  isCapped?: boolean;
  /** After the number, as in "of public.customers"; may be empty. */
  of: string;
}

/** "1,204 records of public.customers" */
export function targetWords(target: RepairTarget): string {
  return target.of === "" ? targetCount(target) : `${targetCount(target)} ${target.of}`;
}

/** The number alone, for buttons. */
export function targetCount({ records, isCapped }: RepairTarget): string {
  return isCapped ? `more than ${formatCount(records)} records` : formatCounted(records, "record");
}
