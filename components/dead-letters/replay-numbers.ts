import type { Verdict } from "#domain/dead-letters/schema.ts";
import type { Replay } from "./dead-letter-outputs.ts";

type Counts = Replay["counts"];

const VERDICTS: readonly Verdict[] = ["safe", "chained", "superseded", "unknown", "blocked"];

/** What became of the records of a replay, in the order a reader asks. */
export const OUTCOMES = ["delivered", "failed", "sent", "sending", "waiting", "skipped"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface VerdictCount {
  verdict: Verdict;
  records: number;
  /** Sent, or to be sent: everything that is not skipped. */
  sent: number;
}

/** How many records got which verdict, and how many of them go out. */
export function verdictsOf(counts: Counts): VerdictCount[] {
  return VERDICTS.map((verdict) => {
    const own = counts.filter((count) => count.verdict === verdict);
    return {
      verdict,
      records: sum(own),
      sent: sum(own.filter((count) => count.state !== "skipped")),
    };
  });
}

export function outcomesOf(counts: Counts): Record<Outcome, number> {
  const of = (outcome: Outcome) => sum(counts.filter((count) => count.state === outcome));
  return {
    delivered: of("delivered"),
    failed: of("failed"),
    sent: of("sent"),
    sending: of("sending"),
    waiting: of("waiting"),
    skipped: of("skipped"),
  };
}

function sum(counts: Counts): number {
  return counts.reduce((total, { n }) => total + n, 0);
}
