"use client";

import { useState } from "react";
import { type HeldRows, holdOrder } from "./hold-order.ts";

const NOTHING: ReadonlySet<string> = new Set();

/**
 * While the reader points into the list its rows keep their places. `question` is what was asked (filter, sort, page):
 * another question is answered in its own order.
 */
export function useHeldRows<Row>(
  fresh: readonly Row[],
  idOf: (row: Row) => string,
  question: string,
): HeldRows<Row> & { hold: (held: boolean) => void } {
  const [held, setHeld] = useState<{ question: string; rows: readonly Row[] }>();
  const hold = (on: boolean) => setHeld(on ? { question, rows: fresh } : undefined);
  if (!held || held.question !== question) return { rows: fresh, gone: NOTHING, moved: false, hold };
  return { ...holdOrder(held.rows, fresh, idOf), hold };
}
