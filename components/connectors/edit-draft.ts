import { z } from "zod";
import { ConnectorConfig } from "#domain/connectors/schema.ts";

/** A change in the making: what was live when it began, and what it should become. */
export const EditDraft = z.object({
  base: ConnectorConfig,
  baseHash: z.string(),
  config: ConnectorConfig,
  note: z.string(),
});
export type EditDraft = z.infer<typeof EditDraft>;
