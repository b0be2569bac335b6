import { z } from "zod";
import { ConnectState } from "../connectors/schema.ts";

/** One task as the observer saw it; the trace is cut to a length and holds no known secret, but may quote row data. */
export const ObservedTask = z.object({
  id: z.number().int(),
  state: ConnectState,
  worker: z.string(),
  trace: z.string().optional(),
});
export type ObservedTask = z.infer<typeof ObservedTask>;
