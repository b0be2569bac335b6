import { expect, test } from "vitest";
import { judgeReadiness, readinessState } from "./readiness.ts";
import type {
  ConnectorRoleFacts,
  PublicationFacts,
  SlotFacts,
  SourceFacts,
  TableFacts,
} from "./readiness-facts.ts";

const aRole = (over: Partial<ConnectorRoleFacts> = {}): ConnectorRoleFacts => ({
  name: "shop_connector",
  exists: true,
  canLogin: true,
  superuser: false,
  replication: true,
  managedReplication: false,
  mayConnect: true,
  mayCreateInDatabase: false,
  ...over,
});
const aTable = (over: Partial<TableFacts> = {}): TableFacts => ({
  name: "public.orders",
  exists: true,
  kind: "r",
  unlogged: false,
  primaryKey: ["id"],
  replicaIdentity: "d",
  outOfLineColumns: [],
  generatedColumns: [],
  connectorMaySelect: true,
  connectorOwns: false,
  ...over,
});
const aSlot = (over: Partial<SlotFacts> = {}): { name: string; found: SlotFacts } => ({
  name: "hg_shop",
  found: {
    plugin: "pgoutput",
    slotType: "logical",
    database: "shop",
    active: false,
    walStatus: "reserved",
    ...over,
  },
});
const aPublication = (over: Partial<PublicationFacts> = {}): { name: string; found: PublicationFacts } => ({
  name: "hg_shop",
  found: {
    allTables: false,
    publishesAll: true,
    viaRoot: false,
    tables: ["public.orders"],
    ownedByConnector: false,
    ...over,
  },
});
const aSource = (over: Partial<SourceFacts> = {}): SourceFacts => ({
  version: 180_000,
  database: "shop",
  walLevel: "logical",
  isStandby: false,
  slots: { max: 10, used: 1 },
  senders: { max: 10, used: 1 },
  maxSlotWalKeepSizeMb: 4096,
  hasManagedReplication: false,
  connectorRole: aRole(),
  slot: { name: "hg_shop", found: null },
  publication: aPublication(),
  tables: [aTable()],
  ...over,
});

test("a source with everything in place is ready", () => {
  const findings = judgeReadiness(aSource());

  expect(findings.filter(({ state }) => state !== "ok")).toEqual([]);
  expect(readinessState(findings)).toBe("ok");
});

test.each([
  ["an old server", aSource({ version: 90_624 }), "server_version", "blocker", "no pgoutput", undefined],
  [
    "wal_level replica",
    aSource({ walLevel: "replica" }),
    "wal_level",
    "blocker",
    "is replica",
    "wal_level = 'logical'",
  ],
  [
    "a standby that can decode",
    aSource({ isStandby: true }),
    "standby",
    "warning",
    "standby",
    "hot_standby_feedback",
  ],
  [
    "a standby that cannot",
    aSource({ isStandby: true, version: 150_000 }),
    "standby",
    "blocker",
    "primary",
    undefined,
  ],
  [
    "a role nobody named",
    aSource({ connectorRole: undefined }),
    "connector_role",
    "unknown",
    "name the role",
    undefined,
  ],
  [
    "a role that is not there",
    aSource({ connectorRole: aRole({ exists: false }) }),
    "connector_role",
    "blocker",
    "does not exist",
    'CREATE ROLE "shop_connector" LOGIN REPLICATION',
  ],
  [
    "a role that cannot log in",
    aSource({ connectorRole: aRole({ canLogin: false }) }),
    "connector_role",
    "blocker",
    "may not log in",
    "LOGIN",
  ],
  [
    "a role without replication",
    aSource({ connectorRole: aRole({ replication: false }) }),
    "connector_role",
    "blocker",
    "may not replicate",
    'ALTER ROLE "shop_connector" REPLICATION',
  ],
  [
    "the same on a managed server",
    aSource({ connectorRole: aRole({ replication: false }), hasManagedReplication: true }),
    "connector_role",
    "blocker",
    "may not replicate",
    "GRANT rds_replication",
  ],
  [
    "a superuser",
    aSource({ connectorRole: aRole({ superuser: true }) }),
    "connector_role",
    "warning",
    "superuser",
    undefined,
  ],
  [
    "a role that may not connect",
    aSource({ connectorRole: aRole({ mayConnect: false }) }),
    "connect_privilege",
    "blocker",
    "may not connect to shop",
    "GRANT CONNECT",
  ],
  [
    "no free slot",
    aSource({ slots: { max: 10, used: 10 } }),
    "free_slots",
    "blocker",
    "All 10 replication slots",
    "max_replication_slots = 20",
  ],
  [
    "no free sender",
    aSource({ senders: { max: 5, used: 6 } }),
    "free_senders",
    "blocker",
    "All 5 WAL senders",
    "max_wal_senders = 15",
  ],
  [
    "no limit on held log",
    aSource({ maxSlotWalKeepSizeMb: -1 }),
    "wal_keep_size",
    "warning",
    "no limit",
    "max_slot_wal_keep_size",
  ],
  ["an active slot", aSource({ slot: aSlot({ active: true }) }), "slot", "blocker", "in use", undefined],
  [
    "a slot left behind",
    aSource({ slot: aSlot() }),
    "slot",
    "warning",
    "left from an earlier connector",
    "pg_drop_replication_slot('hg_shop')",
  ],
  [
    "a slot of another plugin",
    aSource({ slot: aSlot({ plugin: "wal2json" }) }),
    "slot",
    "blocker",
    "another kind",
    undefined,
  ],
  [
    "a physical slot",
    aSource({ slot: aSlot({ slotType: "physical", plugin: "" }) }),
    "slot",
    "blocker",
    "another kind",
    undefined,
  ],
  [
    "a slot of another database",
    aSource({ slot: aSlot({ database: "other" }) }),
    "slot",
    "blocker",
    "belongs to the database other",
    undefined,
  ],
  [
    "a slot that lost log",
    aSource({ slot: aSlot({ walStatus: "lost" }) }),
    "slot",
    "blocker",
    "lost log",
    "pg_drop_replication_slot",
  ],
  [
    "a publication the connector may not make",
    aSource({ publication: { name: "p", found: null } }),
    "publication",
    "blocker",
    "may not create",
    'CREATE PUBLICATION "p" FOR TABLE "public"."orders"',
  ],
  [
    "a publication nobody knows who may make",
    aSource({ publication: { name: "p", found: null }, connectorRole: undefined }),
    "publication",
    "unknown",
    "not known",
    "CREATE PUBLICATION",
  ],
  [
    "a table outside the publication",
    aSource({ publication: aPublication({ tables: [] }) }),
    "publication",
    "blocker",
    "does not hold public.orders",
    'ADD TABLE "public"."orders"',
  ],
  [
    "a publication of inserts only",
    aSource({ publication: aPublication({ publishesAll: false }) }),
    "publication",
    "blocker",
    "leaves out",
    "insert, update, delete",
  ],
  [
    "a partitioned table",
    aSource({ tables: [aTable({ kind: "p" })] }),
    "publication",
    "warning",
    "partitions",
    "publish_via_partition_root",
  ],
  [
    "no such table",
    aSource({ tables: [aTable({ exists: false })] }),
    "table",
    "blocker",
    "no table public.orders",
    undefined,
  ],
  ["a view", aSource({ tables: [aTable({ kind: "v" })] }), "table", "blocker", "not a table", undefined],
  [
    "an unlogged table",
    aSource({ tables: [aTable({ unlogged: true })] }),
    "table",
    "blocker",
    "unlogged",
    "SET LOGGED",
  ],
  [
    "no primary key",
    aSource({ tables: [aTable({ primaryKey: [], replicaIdentity: "f" })] }),
    "primary_key",
    "warning",
    "no primary key",
    "ADD PRIMARY KEY",
  ],
  [
    "no key and no identity",
    aSource({ tables: [aTable({ primaryKey: [] })] }),
    "replica_identity",
    "blocker",
    "refuses every UPDATE",
    "REPLICA IDENTITY FULL",
  ],
  [
    "identity nothing",
    aSource({ tables: [aTable({ replicaIdentity: "n" })] }),
    "replica_identity",
    "blocker",
    "refuses",
    "FULL",
  ],
  [
    "large values",
    aSource({ tables: [aTable({ outOfLineColumns: ["body"] })] }),
    "large_values",
    "warning",
    "body",
    "FULL",
  ],
  [
    "a table the connector may not read",
    aSource({ tables: [aTable({ connectorMaySelect: false })] }),
    "select_privilege",
    "blocker",
    "may not read",
    'GRANT SELECT ON "public"."orders" TO "shop_connector"',
  ],
  [
    "generated columns before 18",
    aSource({ version: 170_000, tables: [aTable({ generatedColumns: ["total"] })] }),
    "generated_columns",
    "warning",
    "total",
    undefined,
  ],
] as const)("%s", (_case, facts, check, state, sentence, fix) => {
  const [finding, ...more] = judgeReadiness(facts).filter(
    (found) => found.state !== "ok" && found.check === check,
  );

  expect(more).toEqual([]);
  expect(finding).toMatchObject({ state, sentence: expect.stringContaining(sentence) });
  if (fix === undefined) expect(finding?.fix).toBeUndefined();
  else expect(finding?.fix).toContain(fix);
});

test.each([
  [
    "whole rows make large values safe",
    aSource({ tables: [aTable({ replicaIdentity: "f", outOfLineColumns: ["body"] })] }),
  ],
  [
    "a publication for all tables holds them",
    aSource({ publication: aPublication({ allTables: true, tables: [] }) }),
  ],
  [
    "an owner may make the publication",
    aSource({
      publication: { name: "p", found: null },
      connectorRole: aRole({ mayCreateInDatabase: true }),
      tables: [aTable({ connectorOwns: true })],
    }),
  ],
  [
    "membership stands for replication",
    aSource({ connectorRole: aRole({ replication: false, managedReplication: true }) }),
  ],
] as const)("%s", (_case, facts) => {
  expect(readinessState(judgeReadiness(facts))).toBe("ok");
});

test("names are quoted, whatever they hold", () => {
  const findings = judgeReadiness(
    aSource({ tables: [aTable({ name: 'odd.a"b; drop', replicaIdentity: "n" })] }),
  );

  expect(findings.find(({ check }) => check === "replica_identity")?.fix).toBe(
    'ALTER TABLE "odd"."a""b; drop" REPLICA IDENTITY FULL;',
  );
});
