import { z } from "zod";
import type { ConnectState } from "./schema.ts";

export const Health = z.enum(["healthy", "degraded", "failed", "paused", "stopped", "starting", "unknown"]);
export type Health = z.infer<typeof Health>;

/** Connect keeps reporting RUNNING for a connector whose tasks have all died, so the tasks decide. */
export function connectorHealth(connector: ConnectState | undefined, tasks: readonly ConnectState[]): Health {
  if (connector === undefined || connector === "DESTROYED") return "unknown";
  if (connector === "STOPPED") return "stopped";
  if (connector === "FAILED") return "failed";
  const dead = tasks.filter((task) => task === "FAILED").length;
  // A failed task stays FAILED while its connector is paused: resuming would not revive it.
  if (dead > 0) return dead === tasks.length ? "failed" : "degraded";
  if (connector === "PAUSED") return "paused";
  const settled = tasks.length > 0 && tasks.every((task) => task === "RUNNING");
  return connector === "RUNNING" && settled ? "healthy" : "starting";
}
