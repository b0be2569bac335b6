"use client";

import { useMemo, useSyncExternalStore } from "react";
import type { DataColumn } from "./data-column.ts";

/** Which columns, in which order; ids that no longer exist are skipped, new ones come in their declared place. */
export interface ColumnChoice {
  order: string[];
  hidden: string[];
}

const listeners = new Set<() => void>();

function storageKey(name: string): string {
  return `headgate.columns.${name}`;
}

function write(name: string, choice: ColumnChoice | undefined): void {
  try {
    if (choice) localStorage.setItem(storageKey(name), JSON.stringify(choice));
    else localStorage.removeItem(storageKey(name));
  } catch {
    // A browser that keeps nothing still shows the columns it declares.
  }
  for (const listener of listeners) listener();
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(storageKey(name));
  } catch {
    return null;
  }
}

export function parseChoice(text: string | null): ColumnChoice | undefined {
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { order, hidden } = value as Partial<Record<keyof ColumnChoice, unknown>>;
    if (!isStrings(order) || !isStrings(hidden)) return undefined;
    return { order, hidden };
  } catch {
    return undefined;
  }
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

export function arrangeColumns<Row>(
  columns: readonly DataColumn<Row>[],
  choice: ColumnChoice | undefined,
): { ordered: DataColumn<Row>[]; hidden: ReadonlySet<string> } {
  if (!choice)
    return {
      ordered: [...columns],
      hidden: new Set(columns.filter((column) => column.hidden).map((column) => column.id)),
    };
  const known = new Map(columns.map((column) => [column.id, column]));
  const ordered = choice.order.flatMap((id) => known.get(id) ?? []);
  columns.forEach((column, index) => {
    if (!choice.order.includes(column.id)) ordered.splice(index, 0, column);
  });
  const fixed = new Set(columns.filter((column) => column.fixed).map((column) => column.id));
  return { ordered, hidden: new Set(choice.hidden.filter((id) => !fixed.has(id))) };
}

/** What the column chooser shows and changes. */
export interface ColumnArrangement {
  ordered: readonly Pick<DataColumn<never>, "id" | "header" | "fixed">[];
  hidden: ReadonlySet<string>;
  toggle: (id: string) => void;
  move: (id: string, by: -1 | 1) => void;
  reset: () => void;
}

export interface SavedColumns<Row> extends ColumnArrangement {
  shown: DataColumn<Row>[];
}

export function useSavedColumns<Row>(name: string, columns: readonly DataColumn<Row>[]): SavedColumns<Row> {
  const stored = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(name),
    () => null,
  );
  return useMemo(() => {
    const { ordered, hidden } = arrangeColumns(columns, parseChoice(stored));
    const ids = ordered.map((column) => column.id);
    return {
      ordered,
      hidden,
      shown: ordered.filter((column) => !hidden.has(column.id)),
      toggle: (id) =>
        write(name, {
          order: ids,
          hidden: hidden.has(id) ? [...hidden].filter((other) => other !== id) : [...hidden, id],
        }),
      move: (id, by) => {
        const from = ids.indexOf(id);
        const other = ids[from + by];
        if (other === undefined) return;
        const order = [...ids];
        order[from] = other;
        order[from + by] = id;
        write(name, { order, hidden: [...hidden] });
      },
      reset: () => write(name, undefined),
    };
  }, [name, columns, stored]);
}
