import { expect, test } from "vitest";
import { type ConnectorConnection, usesDatabase } from "./connector-use.ts";

const database = {
  host: "db.example.com",
  port: 5432,
  databaseName: "shop",
  connectorPasswordRef: "vault://kv/connectors/shop#password",
};
const nothing: ConnectorConnection = {
  hostname: null,
  port: null,
  database: null,
  url: null,
  password: null,
};

test.each([
  ["a source at the address", { hostname: "DB.example.com", port: "5432", database: "shop" }, true],
  ["a source that leaves the port to its default", { hostname: "db.example.com", database: "shop" }, true],
  ["a source of another database", { hostname: "db.example.com", port: "5432", database: "other" }, false],
  ["a source on another port", { hostname: "db.example.com", port: "5433", database: "shop" }, false],
  ["a sink at the address", { url: "jdbc:postgresql://db.example.com:5432/shop?sslmode=require" }, true],
  ["a sink without a port", { url: "jdbc:postgresql://db.example.com/shop" }, true],
  ["a sink of another kind", { url: "jdbc:mysql://db.example.com:5432/shop" }, false],
  ["a connector with the same credential", { password: "${vault:kv/connectors/shop:password}" }, true],
  ["a credential of another provider", { password: "${file:kv/connectors/shop:password}" }, false],
  ["a connector without a database", {}, false],
] as const)("%s", (_case, connection, expected) => {
  expect(usesDatabase({ ...nothing, ...connection }, database, "vault")).toBe(expected);
});

test("an IPv6 address is the same in brackets", () => {
  const connection = { ...nothing, url: "jdbc:postgresql://[::1]:5432/shop" };

  expect(usesDatabase(connection, { ...database, host: "::1" }, "vault")).toBe(true);
});
