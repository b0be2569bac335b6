import type { PortName } from "./ports.ts";

export type LabDatabase = {
  name: string;
  server: Extract<PortName, "postgres-source" | "postgres-target" | "mariadb">;
  kind: "source" | "target";
};

/** `shop` feeds the demo's pipeline, `library` and MariaDB's `billing` wait to be connected, `warehouse` receives all. */
export const databases = [
  { name: "shop", server: "postgres-source", kind: "source" },
  { name: "library", server: "postgres-source", kind: "source" },
  { name: "billing", server: "mariadb", kind: "source" },
  { name: "warehouse", server: "postgres-target", kind: "target" },
] as const satisfies readonly LabDatabase[];

/** Login roles of a database: for connectors, for Headgate's reads, and for DDL on a target or the living source. */
export const rolesOf = (database: string) =>
  ({
    connector: `${database}_connector`,
    readOnly: `${database}_readonly`,
    change: `${database}_change`,
    application: `${database}_app`,
  }) as const;
