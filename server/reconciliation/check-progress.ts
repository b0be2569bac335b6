import { eq } from "drizzle-orm";
import { reconciliationRuns } from "#db/schema/reconciliation.ts";
import type { RunProgress } from "#domain/reconciliation/run.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { type CheckLease, fencedCheck } from "./check-lease.ts";
import type { CompareProgress } from "./engine/compare-table.ts";

const EVERY_MS = 700;

/** Keeps the newest progress and writes it now and then, whatever the pace of the comparison. */
export function createCheckProgress({ db, log }: Pick<Deps, "db" | "log">, lease: CheckLease) {
  let latest: RunProgress | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = () => {
    const progress = latest;
    if (!progress) return;
    latest = undefined;
    writing = writing
      .then(() =>
        fencedCheck(db, lease, async (tx) => {
          await tx.update(reconciliationRuns).set({ progress }).where(eq(reconciliationRuns.id, lease.runId));
          await notifyChange(tx, "reconciliation", `run/${lease.runId}`);
        }),
      )
      .catch((error: unknown) => log.debug({ err: error, run: lease.runId }, "progress was not written"));
  };
  const timer = setInterval(write, EVERY_MS);

  return {
    reporter:
      (note: string) =>
      ({ phase, rowsDone, rowsTotal, suspects }: CompareProgress): void => {
        latest = {
          phase,
          done: rowsDone,
          total: rowsTotal > 0 ? Math.max(rowsTotal, rowsDone) : null,
          // The total is the database's own guess until every row has been seen.
          isExact: phase === "done",
          note: suspects > 0 ? `${note}: ${suspects} looked at again` : note,
        };
      },
    async stop(): Promise<void> {
      clearInterval(timer);
      write();
      await writing;
    },
  };
}
