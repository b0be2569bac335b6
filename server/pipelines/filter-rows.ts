import type { FilterToken, ParsedFilter } from "#domain/filters/grammar.ts";
import type { ListInput } from "#domain/filters/list-input.ts";
import type { ListPage } from "#domain/filters/list-page.ts";

interface Reading<Row> {
  /** What free words are looked for in. */
  words(row: Row): string[];
  /** Whether the token holds, its negation left aside. */
  holds(row: Row, token: FilterToken): boolean;
}

/** `state:failed state:degraded` means either; different keys have to hold together. */
export function applyFilter<Row>(
  rows: readonly Row[],
  { tokens, text }: Pick<ParsedFilter, "tokens" | "text">,
  { words, holds }: Reading<Row>,
): Row[] {
  const wanted = text.split(/\s+/).filter((word) => word !== "");
  const alternatives = [
    ...Map.groupBy(tokens, ({ key, negated, comparison }) => `${key} ${negated} ${comparison}`).values(),
  ];
  return rows.filter(
    (row) =>
      wanted.every((word) => words(row).some((candidate) => contains(candidate, word))) &&
      alternatives.every((same) =>
        same[0]?.negated
          ? same.every((token) => !holds(row, token))
          : same.some((token) => holds(row, token)),
      ),
  );
}

export function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

export function pageOf<Row>(
  rows: readonly Row[],
  { page, pageSize }: Pick<ListInput, "page" | "pageSize">,
): ListPage<Row> {
  return { rows: rows.slice((page - 1) * pageSize, page * pageSize), total: rows.length };
}
