import { and, eq } from "drizzle-orm";
import { runSteps } from "#db/schema/plans.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { fenced, type Lease } from "./run-lease.ts";

const SPACING_MS = 500;

interface Progress {
  done: number;
  total: number | undefined;
  note: string | undefined;
}

/** Keeps the newest progress of a step and stores it at most twice a second; the last word is never dropped. */
export function createStepProgress(
  { db, log }: Pick<Deps, "db" | "log">,
  { lease, planId, position }: { lease: Lease; planId: string; position: number },
) {
  let waiting: Progress | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let lastAt = Number.NEGATIVE_INFINITY;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const progress = waiting;
    waiting = undefined;
    if (!progress) return writing;
    lastAt = performance.now();
    writing = writing.then(() =>
      fenced(db, lease, async (tx) => {
        await tx
          .update(runSteps)
          .set({ done: progress.done, total: progress.total ?? null, note: progress.note ?? null })
          .where(and(eq(runSteps.runId, lease.runId), eq(runSteps.position, position)));
        await notifyChange(tx, "plans", planId);
      }).catch((error: unknown) => log.warn({ err: error, run: lease.runId }, "storing progress failed")),
    );
    return writing;
  };

  return {
    report(done: number, total: number | undefined, note: string | undefined): void {
      waiting = { done, total, note };
      timer ??= setTimeout(flush, Math.max(0, lastAt + SPACING_MS - performance.now()));
    },
    flush,
  };
}
