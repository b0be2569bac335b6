"use client";

import type { Virtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useRef } from "react";

export interface RowFocus {
  /** Puts the keyboard on a row, scrolling it into view first. */
  focusRow: (index: number) => void;
  /** Which row has the keyboard, or -1. */
  focusedRow: () => number;
}

/** Rows come and go with scrolling, so a row may have to be rendered before it can take the focus. */
export function useRowFocus(
  region: RefObject<HTMLElement | null>,
  virtualizer: Virtualizer<HTMLElement, HTMLTableRowElement>,
  count: number,
): RowFocus {
  const wanted = useRef(-1);
  const find = (index: number) =>
    region.current?.querySelector<HTMLElement>(`tr[data-row-index="${index}"]`) ?? undefined;
  useEffect(() => {
    if (wanted.current < 0) return;
    const row = find(wanted.current);
    if (!row) return;
    wanted.current = -1;
    row.focus({ preventScroll: true });
  });
  return {
    focusRow: (index) => {
      if (index < 0 || index >= count) return;
      virtualizer.scrollToIndex(index, { align: "auto" });
      const row = find(index);
      if (row) row.focus({ preventScroll: true });
      else wanted.current = index;
    },
    focusedRow: () => {
      const row = document.activeElement?.closest<HTMLElement>("tr[data-row-index]");
      return row && region.current?.contains(row) ? Number(row.dataset.rowIndex) : -1;
    },
  };
}
