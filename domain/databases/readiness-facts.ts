import { z } from "zod";

export const ReadinessState = z.enum(["ok", "warning", "blocker", "unknown"]);
export type ReadinessState = z.infer<typeof ReadinessState>;

export const ReadinessCheck = z.enum([
  "server_version",
  "wal_level",
  "standby",
  "connector_role",
  "connect_privilege",
  "free_slots",
  "free_senders",
  "slot",
  "wal_keep_size",
  "publication",
  "table",
  "select_privilege",
  "primary_key",
  "replica_identity",
  "large_values",
  "generated_columns",
]);
export type ReadinessCheck = z.infer<typeof ReadinessCheck>;

/** One thing a connector needs from its source, and the statement that brings it about. */
export const ReadinessFinding = z.object({
  check: ReadinessCheck,
  /** The table, slot or publication it is about. */
  subject: z.string().optional(),
  state: ReadinessState,
  sentence: z.string(),
  /** SQL to run on the source, as a role that may. */
  fix: z.string().optional(),
});
export type ReadinessFinding = z.infer<typeof ReadinessFinding>;

export interface SlotFacts {
  plugin: string;
  slotType: string;
  /** The database a logical slot belongs to. */
  database: string | undefined;
  active: boolean;
  walStatus: string | undefined;
}

export interface PublicationFacts {
  allTables: boolean;
  /** Publishes inserts, updates and deletes alike. */
  publishesAll: boolean;
  viaRoot: boolean;
  tables: readonly string[];
  /** Whether the connectors' role owns it; undefined when that role is not known. */
  ownedByConnector: boolean | undefined;
}

export interface ConnectorRoleFacts {
  name: string;
  exists: boolean;
  canLogin: boolean;
  superuser: boolean;
  replication: boolean;
  /** Member of rds_replication, which stands for REPLICATION on Amazon RDS and Aurora. */
  managedReplication: boolean;
  mayConnect: boolean;
  mayCreateInDatabase: boolean;
}

export interface TableFacts {
  name: string;
  exists: boolean;
  /** pg_class.relkind: r table, p partitioned table, v view… */
  kind: string;
  unlogged: boolean;
  primaryKey: readonly string[];
  /** pg_class.relreplident: d default, n nothing, f full, i index. */
  replicaIdentity: string;
  /** Columns whose values can be stored outside the row, when some are. */
  outOfLineColumns: readonly string[];
  generatedColumns: readonly string[];
  /** undefined when the connectors' role is not known. */
  connectorMaySelect: boolean | undefined;
  connectorOwns: boolean | undefined;
}

/** What a source shows to a role that may only read. */
export interface SourceFacts {
  /** server_version_num, e.g. 160004. */
  version: number;
  database: string;
  walLevel: string;
  isStandby: boolean;
  slots: { max: number; used: number };
  senders: { max: number; used: number };
  /** Megabytes; -1 is without limit. */
  maxSlotWalKeepSizeMb: number | undefined;
  /** The server has a role rds_replication: REPLICATION is granted by membership there. */
  hasManagedReplication: boolean;
  connectorRole: ConnectorRoleFacts | undefined;
  /** undefined: no slot name was asked about; null: the name is free. */
  slot: { name: string; found: SlotFacts | null } | undefined;
  publication: { name: string; found: PublicationFacts | null } | undefined;
  tables: readonly TableFacts[];
}
