import { z } from "zod";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { ConnectorRef } from "#domain/connectors/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { pauseConnector } from "./pause-connector.ts";
import { restartConnector } from "./restart-connector.ts";
import { resumeConnector } from "./resume-connector.ts";
import { stopConnector } from "./stop-connector.ts";

export const OperateManyInput = z.object({
  action: z.enum(["pause", "resume", "stop", "restart-failed", "restart-all"]),
  connectors: z.array(ConnectorRef).min(1).max(500),
});
export type OperateManyInput = z.infer<typeof OperateManyInput>;

export interface OperatedItem extends ConnectorRef {
  outcome: "done" | "refused";
  message: string | null;
}

/** Few enough at once that a rebalancing cluster can keep up. */
const AT_ONCE = 8;

/** The same act on many, each audited and each with its own result; one refusal stops nobody else. */
export async function operateMany(
  deps: Pick<Deps, "db" | "connect">,
  actor: Actor,
  { action, connectors }: OperateManyInput,
): Promise<OperatedItem[]> {
  requirePermission(actor, "connectors:operate");
  const results: OperatedItem[] = [];
  for (let start = 0; start < connectors.length; start += AT_ONCE) {
    const batch = connectors.slice(start, start + AT_ONCE);
    results.push(...(await Promise.all(batch.map((ref) => operateOne(deps, actor, action, ref)))));
  }
  return results;
}

async function operateOne(
  deps: Pick<Deps, "db" | "connect">,
  actor: Actor,
  action: OperateManyInput["action"],
  ref: ConnectorRef,
): Promise<OperatedItem> {
  try {
    await ACTS[action](deps, actor, ref);
    return { ...ref, outcome: "done", message: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...ref, outcome: "refused", message: error.message };
  }
}

const ACTS: Record<
  OperateManyInput["action"],
  (deps: Pick<Deps, "db" | "connect">, actor: Actor, ref: ConnectorRef) => Promise<void>
> = {
  pause: pauseConnector,
  resume: resumeConnector,
  stop: stopConnector,
  "restart-failed": (deps, actor, ref) => restartConnector(deps, actor, { ...ref, scope: "failed" }),
  "restart-all": (deps, actor, ref) => restartConnector(deps, actor, { ...ref, scope: "all" }),
};
