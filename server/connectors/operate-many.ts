import { setTimeout as pause } from "node:timers/promises";
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
  /** `unknown`: asked for, and no clear answer came; the audit trail tells how it ends. */
  outcome: "done" | "refused" | "unknown" | "not_tried";
  message: string | null;
}

export interface OperateManyLimits {
  /** No connector is begun after this long. */
  beginWithinMs: number;
  /** What has not answered after this long is reported as unknown. */
  answerWithinMs: number;
}

/** A request that somebody waits for: proxies give up on an answer after half a minute. */
export const OPERATE_MANY_LIMITS: OperateManyLimits = { beginWithinMs: 15_000, answerWithinMs: 25_000 };

/** Few enough at once that a rebalancing cluster can keep up. */
const AT_ONCE = 8;

/** The same act on many, each audited and each with its own result; one refusal stops nobody else. */
export async function operateMany(
  deps: Pick<Deps, "db" | "connect" | "log">,
  actor: Actor,
  { action, connectors }: OperateManyInput,
  { beginWithinMs, answerWithinMs }: OperateManyLimits,
): Promise<OperatedItem[]> {
  requirePermission(actor, "connectors:operate");
  const results: OperatedItem[] = connectors.map((ref) => ({
    ...ref,
    outcome: "not_tried",
    message: "There was no time left for it in one request; try again",
  }));
  const crashes: unknown[] = [];
  const waiting = connectors.entries();
  const beganAt = performance.now();

  const work = async () => {
    for (const [index, ref] of waiting) {
      if (performance.now() - beganAt > beginWithinMs) return;
      results[index] = {
        ...ref,
        outcome: "unknown",
        message: "No answer yet; the audit trail tells how it ends",
      };
      results[index] = await operateOne(deps, actor, action, ref).catch((error: unknown) => {
        crashes.push(error);
        deps.log.error({ err: error, ...ref }, "an act on many failed unexpectedly");
        return { ...ref, outcome: "unknown" as const, message: "Something went wrong on our side" };
      });
    }
  };
  const timeIsUp = new AbortController();
  await Promise.race([
    Promise.all(Array.from({ length: AT_ONCE }, work)),
    pause(answerWithinMs, undefined, { signal: timeIsUp.signal }).catch(() => undefined),
  ]);
  timeIsUp.abort();
  if (crashes.length === connectors.length) throw crashes[0];
  return results.slice();
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
    // An upstream that gave no answer may still have acted.
    const isUnclear = error.code === "upstream_unavailable" || error.code === "upstream_contract_broken";
    return { ...ref, outcome: isUnclear ? "unknown" : "refused", message: error.message };
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
