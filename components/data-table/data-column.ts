import type { ReactNode } from "react";

export interface DataColumn<Row> {
  /** Also the name in `sort=` and in saved columns. */
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Pixels; columns share what is left over in this proportion. */
  width: number;
  /** The procedure can sort by this id. */
  sortable?: boolean;
  /** Numbers stand right. */
  align?: "left" | "right";
  /** Not shown until chosen. */
  hidden?: boolean;
  /** Cannot be taken away: what the row is. */
  fixed?: boolean;
  /** For CSV and JSON; a column without it is not exported. */
  exportValue?: (row: Row) => string | number | boolean | Date | null | undefined;
}
