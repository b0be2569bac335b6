import { databases } from "#db/schema/databases.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { ConnectionTest } from "#domain/databases/connection-test.ts";
import { DATABASE_FILTER } from "#domain/databases/list-filter.ts";
import type { DatabaseEngine, DatabaseRole, TlsMode } from "#domain/databases/schema.ts";
import { type FilterToken, parseFilter } from "#domain/filters/grammar.ts";
import type { ListInput } from "#domain/filters/list-input.ts";
import type { ListPage } from "#domain/filters/list-page.ts";
import type { Deps } from "#server/deps.ts";
import { readConnectorUses } from "./read-connector-uses.ts";
import { type ReferencesState, readReferenceStates, referencesState } from "./reference-states.ts";
import { toRegistered } from "./registered-database.ts";

export interface DatabaseListRow {
  id: string;
  name: string;
  engine: DatabaseEngine;
  host: string;
  port: number;
  databaseName: string;
  tlsMode: TlsMode;
  cluster: string;
  role: DatabaseRole;
  references: ReferencesState;
  lastTest: ConnectionTest | undefined;
  usedBy: number;
  updatedAt: Date;
}

/** Registered databases with what was last seen of them; neither Vault nor a database is asked. */
export async function listDatabases(
  deps: Pick<Deps, "db" | "config">,
  actor: Actor,
  { filter, sort, page, pageSize }: ListInput,
): Promise<ListPage<DatabaseListRow>> {
  requirePermission(actor, "console:view");
  const registered = (await deps.db.select().from(databases)).map(toRegistered);
  const [references, uses] = await Promise.all([
    readReferenceStates(deps.db, registered),
    readConnectorUses(deps.db, deps, registered),
  ]);
  const { tokens, text } = parseFilter(filter, DATABASE_FILTER);
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const byKey = [...Map.groupBy(tokens, (token) => `${token.key}/${token.negated}`).values()];
  const rows = registered
    .map((database): DatabaseListRow => {
      const { id, name, engine, host, port, databaseName, tlsMode, cluster, role, lastTest, updatedAt } =
        database;
      return {
        ...{ id, name, engine, host, port, databaseName, tlsMode, cluster, role, lastTest, updatedAt },
        references: referencesState(references.get(id) ?? []),
        usedBy: uses.get(id)?.length ?? 0,
      };
    })
    .filter((row) =>
      words.every((word) => `${row.name} ${row.host} ${row.databaseName}`.toLowerCase().includes(word)),
    )
    .filter((row) =>
      byKey.every((same) =>
        same[0]?.negated ? same.every((token) => holds(row, token)) : same.some((token) => holds(row, token)),
      ),
    )
    .sort(orderOf(sort));
  return { total: rows.length, rows: rows.slice((page - 1) * pageSize, page * pageSize) };
}

function holds(row: DatabaseListRow, { key, value, negated }: FilterToken): boolean {
  return (fieldValue(row, key) === value.toLowerCase()) !== negated;
}

function fieldValue(row: DatabaseListRow, key: string): string {
  switch (key) {
    case "role":
      return row.role;
    case "cluster":
      return row.cluster.toLowerCase();
    case "test":
      return testText(row.lastTest);
    case "references":
      return row.references;
    default:
      return row.usedBy > 0 ? "yes" : "no";
  }
}

function testText(test: ConnectionTest | undefined): "passed" | "failed" | "none" {
  if (test === undefined) return "none";
  return test.ok ? "passed" : "failed";
}

const SORTABLE: Record<string, (row: DatabaseListRow) => string | number> = {
  name: (row) => row.name,
  host: (row) => row.host,
  database: (row) => row.databaseName,
  cluster: (row) => row.cluster,
  role: (row) => row.role,
  tls: (row) => row.tlsMode,
  references: (row) => ({ problem: 0, unchecked: 1, ok: 2 })[row.references],
  test: (row) => ({ failed: 0, none: 1, passed: 2 })[testText(row.lastTest)],
  used: (row) => row.usedBy,
  changed: (row) => row.updatedAt.getTime(),
};

function orderOf(sort: string): (a: DatabaseListRow, b: DatabaseListRow) => number {
  const direction = sort.startsWith("-") ? -1 : 1;
  const value = SORTABLE[sort.replace(/^-/, "")] ?? ((row: DatabaseListRow) => row.name);
  return (a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left !== right) return left < right ? -direction : direction;
    return a.name < b.name ? -1 : 1;
  };
}
