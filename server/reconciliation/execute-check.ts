import { eq } from "drizzle-orm";
import { reconciliationTables } from "#db/schema/reconciliation.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { isDatabaseAway } from "#server/plans/patience.ts";
import {
  CHECK_LEASE,
  CheckLeaseLost,
  type CheckLeaseTiming,
  type CheckWork,
  claimCheck,
  fencedCheck,
  keepCheck,
  releaseCheck,
} from "./check-lease.ts";
import { compareCheck } from "./compare-check.ts";
import { type FailedAt, failCheck } from "./finish-check.ts";
import { endOf } from "./naming-side.ts";
import type { StoredTable } from "./stored-table.ts";

export interface CheckerOptions {
  /** Shown as the owner of the run: host, process. */
  worker: string;
  /** Aborted when this worker stops: the run is given back and goes on elsewhere. */
  stopping: AbortSignal;
  timing?: CheckLeaseTiming;
  /** Longest wait for the target to catch up before the run says that it cannot judge. */
  gateTimeoutMs?: number;
}

/** How a call ended; `not_claimed` and `given_back` leave the run to another worker. */
export type CheckEnd = "COMPLETED" | "FAILED" | "not_claimed" | "given_back";

const GATE_TIMEOUT_MS = 120_000;
/** A run that ends its worker every time is not tried for ever. */
const MOST_ATTEMPTS = 5;

/** Works on a run until it has ended. Safe to call for any run at any time: only the holder of the lease does anything. */
export async function executeCheck(deps: Deps, runId: string, options: CheckerOptions): Promise<CheckEnd> {
  const timing = options.timing ?? CHECK_LEASE;
  const claimed = await claimCheck(deps.db, runId, options.worker, timing);
  if (!claimed) return "not_claimed";
  const { lease, run } = claimed;
  const keeper = keepCheck(deps, lease, { timing, stopping: options.stopping });
  const work: CheckWork = {
    deps,
    lease,
    run,
    signal: keeper.signal,
    gateTimeoutMs: options.gateTimeoutMs ?? GATE_TIMEOUT_MS,
  };
  try {
    return await workThrough(work, keeper.abortedByPerson);
  } catch (error) {
    if (!(error instanceof CheckLeaseLost))
      deps.log.error(
        { err: error, run: runId },
        "a reconciliation run was interrupted; it is taken up again",
      );
    await releaseCheck(deps.db, lease).catch(() => undefined);
    return "given_back";
  } finally {
    keeper.stop();
  }
}

async function workThrough(work: CheckWork, abortedByPerson: () => boolean): Promise<CheckEnd> {
  const { deps, lease, run } = work;
  const [table] = await deps.db
    .select()
    .from(reconciliationTables)
    .where(eq(reconciliationTables.id, run.tableId));
  if (!table) throw new Error(`The table ${run.tableId} of the run ${run.id} is gone`);
  if (run.abortedBy) return fail(work, table, "aborted", `Aborted by ${run.abortedBy.name}`);
  if (run.attempts > MOST_ATTEMPTS)
    return fail(work, table, "headgate", `Its worker ended ${MOST_ATTEMPTS} times before it was done`);
  try {
    await compareCheck(work, table);
    return "COMPLETED";
  } catch (error) {
    if (abortedByPerson()) {
      const by = await fencedCheck(deps.db, lease, async (_tx, stored) => stored.abortedBy);
      return fail(work, table, "aborted", `Aborted by ${by?.name ?? "somebody"}; what it confirmed stays`);
    }
    if (work.signal.aborted || error instanceof CheckLeaseLost) throw new CheckLeaseLost(run.id);
    if (error instanceof AppError) return fail(work, table, failedAt(error), error.message);
    if (isDatabaseAway(error)) throw error;
    const reference = crypto.randomUUID().slice(0, 8);
    deps.log.error({ err: error, run: run.id, reference }, "a reconciliation run failed unexpectedly");
    return fail(work, table, "headgate", `Something went wrong on our side. Reference ${reference}`);
  }
}

async function fail(
  work: CheckWork,
  table: StoredTable,
  where: FailedAt,
  message: string,
): Promise<CheckEnd> {
  await failCheck(work, table, where, message);
  return "FAILED";
}

function failedAt(error: AppError): FailedAt {
  const end = endOf(error);
  if (end) return end;
  if (error.upstream === "Kafka") return "kafka";
  return error.upstream === "Kafka Connect" ? "connect" : "headgate";
}
