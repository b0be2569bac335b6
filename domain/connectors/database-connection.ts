import { z } from "zod";

/** What a connector needs to know of a registered database; credentials by reference only. */
export const DatabaseConnection = z.object({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65535),
  database: z.string().min(1),
  tls: z.enum(["disable", "require", "verify-ca", "verify-full"]),
  /** PEM file of the CA, as the workers see it. */
  caFile: z.string().optional(),
  /** Whole references in the workers' form, `${vault:mount/path:key}`. */
  userReference: z.string(),
  passwordReference: z.string(),
});
export type DatabaseConnection = z.infer<typeof DatabaseConnection>;

/** What a configuration takes from its cluster. */
export const ClusterFacts = z.object({
  name: z.string(),
  brokers: z.array(z.string()),
  kafkaTls: z.boolean(),
  partitions: z.number(),
  replicationFactor: z.number(),
  retentionDays: z.number(),
  deadLetterRetentionDays: z.number(),
  compression: z.string(),
  overrides: z.array(z.string()),
});
export type ClusterFacts = z.infer<typeof ClusterFacts>;
