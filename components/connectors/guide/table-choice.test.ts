import { describe, expect, test } from "vitest";
import type { CatalogTable } from "#domain/databases/catalog-table.ts";
import { groupTables, tableWarning, toggleTable, toggleTables } from "./table-choice.ts";

function aTable(schema: string, name: string, over: Partial<CatalogTable> = {}): CatalogTable {
  return {
    schema,
    name,
    partitioned: false,
    unlogged: false,
    estimatedRows: 1,
    bytes: 1,
    columns: 1,
    generatedColumns: [],
    primaryKey: ["id"],
    replicaIdentity: "default",
    readable: true,
    ...over,
  };
}
const orders = aTable("public", "orders");
const items = aTable("public", "order_items");
const other = aTable("audit", "log");

test("words narrow by schema and name, groups are in order and count what is chosen", () => {
  const groups = groupTables([orders, items, other], "order", [{ schema: "public", table: "hidden" }]);

  expect(
    groups.map((group) => [group.schema, group.tables.map((table) => table.name), group.chosen]),
  ).toEqual([["public", ["orders", "order_items"], 1]]);
});

describe("choosing", () => {
  test("one table, and back", () => {
    const chosen = toggleTable([], orders);

    expect(chosen).toEqual([{ schema: "public", table: "orders" }]);
    expect(toggleTable(chosen, orders)).toEqual([]);
  });

  test("all that is shown, then none of it, leaving the rest alone", () => {
    const kept = [{ schema: "audit", table: "log" }];
    const all = toggleTables([...kept, { schema: "public", table: "orders" }], [orders, items]);

    expect(all).toHaveLength(3);
    expect(toggleTables(all, [orders, items])).toEqual(kept);
  });
});

test.each([
  ["an ordinary table", {}, undefined],
  ["no key", { primaryKey: [] }, /updates and deletes cannot/],
  ["no key but the full row", { primaryKey: [], replicaIdentity: "full" }, /cannot upsert/],
  ["unlogged", { unlogged: true }, /Unlogged/],
  ["identity nothing", { replicaIdentity: "nothing" }, /identity nothing/],
  ["unreadable", { readable: false }, /may not read/],
] as const)("%s", (_case, over, warning) => {
  const text = tableWarning(
    aTable("public", "t", { ...over, primaryKey: "primaryKey" in over ? [] : ["id"] }),
  );

  if (warning) expect(text).toMatch(warning);
  else expect(text).toBeUndefined();
});
