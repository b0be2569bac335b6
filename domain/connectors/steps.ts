import { z } from "zod";
import { PlannedTopic } from "./planned-topics.ts";
import { ConnectorConfig, ConnectorRef } from "./schema.ts";
import { VersionOrigin } from "./version.ts";

/** What a step of a connector plan does; each holds all it needs, and references instead of secrets. */
export const ConnectorStep = z.discriminatedUnion("do", [
  z.object({ do: z.literal("create-topics"), cluster: z.string(), topics: z.array(PlannedTopic) }),
  ConnectorRef.extend({
    do: z.literal("create-connector"),
    config: ConnectorConfig,
    initialState: z.enum(["RUNNING", "STOPPED"]),
  }),
  ConnectorRef.extend({
    do: z.literal("put-config"),
    config: ConnectorConfig,
    /** Hash of the configuration the plan was made against; another one live means somebody was faster. */
    expectedHash: z.string(),
  }),
  ConnectorRef.extend({
    do: z.literal("record-version"),
    config: ConnectorConfig,
    origin: VersionOrigin,
    note: z.string().optional(),
  }),
  ConnectorRef.extend({ do: z.literal("await-running") }),
  ConnectorRef.extend({ do: z.literal("stop") }),
  /** Lets Debezium drop its own slot as it stops; afterwards the connector is stopped. */
  ConnectorRef.extend({ do: z.literal("drop-slot"), slot: z.string(), statement: z.string() }),
  ConnectorRef.extend({ do: z.literal("reset-offsets") }),
  ConnectorRef.extend({ do: z.literal("delete-connector") }),
  z.object({ do: z.literal("delete-group"), cluster: z.string(), group: z.string() }),
  z.object({ do: z.literal("delete-topics"), cluster: z.string(), topics: z.array(z.string()) }),
  /** Something Headgate has no credential for: the run says what is left to do. */
  z.object({ do: z.literal("by-hand"), what: z.string(), statement: z.string() }),
]);
export type ConnectorStep = z.infer<typeof ConnectorStep>;
export type StepOf<D extends ConnectorStep["do"]> = Extract<ConnectorStep, { do: D }>;
