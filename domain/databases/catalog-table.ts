import { z } from "zod";

/** A table as the database's own catalogue shows it now. */
export const CatalogTable = z.object({
  schema: z.string(),
  name: z.string(),
  partitioned: z.boolean(),
  unlogged: z.boolean(),
  /** The planner's estimate; null before the first ANALYZE. */
  estimatedRows: z.number().nullable(),
  /** With indexes and large values. */
  bytes: z.number(),
  columns: z.number().int(),
  generatedColumns: z.array(z.string()),
  primaryKey: z.array(z.string()),
  replicaIdentity: z.enum(["default", "nothing", "full", "index"]),
  /** Whether Headgate's read-only role may read it. */
  readable: z.boolean(),
});
export type CatalogTable = z.infer<typeof CatalogTable>;
