import { setTimeout as sleep } from "node:timers/promises";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { Deps } from "#server/deps.ts";

export type LiveMessage =
  /** First of all, and whenever changes may have been missed: what is shown has to be read again. */
  | { kind: "reread" }
  /** Subjects are router names; keys say what changed, and are missing when too much did. */
  | { kind: "changed"; changes: { subject: string; keys: string[] | null }[] }
  /** Nothing is heard of changes until the next "reread": whoever watches has to ask by itself. */
  | { kind: "lost" }
  | { kind: "heartbeat" };

/** At most two messages per second: a burst becomes one. */
const QUIET_MS = 500;
const HEARTBEAT_MS = 15_000;
const NAMED_KEYS = 50;

/** What changed, as it changes, until the signal is aborted. Tells names, never data. */
export async function* watchChanges(
  { changes }: Pick<Deps, "changes">,
  actor: Actor,
  signal: AbortSignal,
): AsyncGenerator<LiveMessage> {
  requirePermission(actor, "console:view");
  const pending = new Map<string, Set<string>>();
  let missed = true; // Whatever changed between the page's reads and now.
  let lost: "no" | "untold" | "told" = "no";
  let wake = Promise.withResolvers<void>();
  const unsubscribe = changes.subscribe((change) => {
    if (change.kind === "missed") {
      missed = true;
      lost = "no";
    } else if (change.kind === "lost") lost = "untold";
    else pending.set(change.subject, (pending.get(change.subject) ?? new Set()).add(change.key));
    wake.resolve();
  });
  try {
    while (!signal.aborted) {
      if (missed) {
        missed = false;
        pending.clear();
        yield { kind: "reread" };
      } else if (isUntold(lost)) {
        lost = "told";
        yield { kind: "lost" };
      } else if (pending.size > 0) {
        const message = changedMessage(pending);
        pending.clear();
        yield message;
      } else {
        const woken = await Promise.race([wake.promise.then(() => true), idle(HEARTBEAT_MS, signal)]);
        if (signal.aborted) return;
        if (woken !== true) yield { kind: "heartbeat" };
        continue;
      }
      wake = Promise.withResolvers();
      if (missed || isUntold(lost) || pending.size > 0) wake.resolve();
      await idle(QUIET_MS, signal);
    }
  } finally {
    unsubscribe();
  }
}

/** Asked through a function because callbacks change it where the compiler does not look. */
function isUntold(lost: "no" | "untold" | "told"): boolean {
  return lost === "untold";
}

function changedMessage(pending: ReadonlyMap<string, ReadonlySet<string>>): LiveMessage {
  const changes = [...pending].map(([subject, keys]) => ({
    subject,
    keys: keys.size > NAMED_KEYS ? null : [...keys],
  }));
  return { kind: "changed", changes };
}

async function idle(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
