import { z } from "zod";

/** Kafka Connect accepts almost any name; these are the ones that survive URLs, topic names and metrics unchanged. */
export const ConnectorName = z
  .string()
  .min(1, "Give the connector a name")
  .max(120, "At most 120 characters")
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    "Letters, digits, dot, dash and underscore; starts with a letter or digit",
  );

/** Any connector there is: one made elsewhere may have a name that Headgate would not give. */
export const ConnectorRef = z.object({ cluster: z.string().min(1), name: z.string().min(1).max(500) });
export type ConnectorRef = z.infer<typeof ConnectorRef>;

/** A connector's configuration as Kafka Connect stores it: flat, all strings, references unresolved. */
export const ConnectorConfig = z.record(z.string(), z.string());
export type ConnectorConfig = z.infer<typeof ConnectorConfig>;

/** States Kafka Connect reports for connectors and tasks; RESTARTING is passing. */
export const ConnectState = z.enum([
  "UNASSIGNED",
  "RUNNING",
  "PAUSED",
  "STOPPED",
  "FAILED",
  "RESTARTING",
  "DESTROYED",
]);
export type ConnectState = z.infer<typeof ConnectState>;
