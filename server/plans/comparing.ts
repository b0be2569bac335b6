import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { FilterComparison } from "#domain/filters/grammar.ts";

const OPERATOR: Record<FilterComparison, SQL> = {
  "=": sql.raw("="),
  ">": sql.raw(">"),
  ">=": sql.raw(">="),
  "<": sql.raw("<"),
  "<=": sql.raw("<="),
};

export function comparing(left: SQLWrapper, comparison: FilterComparison, right: number): SQL {
  return sql`${left} ${OPERATOR[comparison]} ${right}::float8`;
}
