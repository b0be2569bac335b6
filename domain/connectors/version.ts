import { z } from "zod";
import { ConnectorConfig, ConnectorName, ConnectorRef } from "./schema.ts";

/** How a version came about; `adopted`: found live, changed outside Headgate. */
export const VersionOrigin = z.enum(["created", "updated", "reverted", "adopted", "deleted"]);
export type VersionOrigin = z.infer<typeof VersionOrigin>;

const Note = z.string().trim().max(500).optional();

export const ProposeCreateInput = ConnectorRef.extend({
  name: ConnectorName,
  config: ConnectorConfig,
  /** STOPPED creates it without starting it. */
  initialState: z.enum(["RUNNING", "STOPPED"]).default("RUNNING"),
  note: Note,
});
export type ProposeCreateInput = z.input<typeof ProposeCreateInput>;

export const ProposeUpdateInput = ConnectorRef.extend({
  config: ConnectorConfig,
  /** Hash of the live configuration the draft began from: what moved since is not overwritten blindly. */
  baseHash: z.string().min(1),
  note: Note,
});
export type ProposeUpdateInput = z.infer<typeof ProposeUpdateInput>;

export const ProposeRevertInput = ConnectorRef.extend({ version: z.number().int().positive(), note: Note });
export type ProposeRevertInput = z.infer<typeof ProposeRevertInput>;

export const ProposeDeleteInput = ConnectorRef.extend({
  /** Ids of the leftovers to remove; the others stay. */
  remove: z.array(z.string()),
  note: Note,
});
export type ProposeDeleteInput = z.infer<typeof ProposeDeleteInput>;

export const AdoptInput = ConnectorRef.extend({ note: Note });
export type AdoptInput = z.infer<typeof AdoptInput>;

export const ValidateInput = ConnectorRef.extend({
  config: ConnectorConfig,
  /** The connector exists: its own name is not taken by another. */
  exists: z.boolean(),
});
export type ValidateInput = z.infer<typeof ValidateInput>;
