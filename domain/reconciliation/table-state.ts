import { driftLevel, driftPercent, formatDrift } from "./drift.ts";
import type { CheckedTableState, ReconciliationState, TableSettings } from "./schema.ts";

/** After this long a result is too old to call anything fine. */
export const FRESH_HOURS = 24;
const FRESH_MS = FRESH_HOURS * 3_600_000;

export interface TableFacts {
  settings: Pick<TableSettings, "enabled" | "targetPercent" | "criticalPercent">;
  /** Why it cannot be checked at all, e.g. a database that is not registered. */
  obstacle: string | null;
  /** Why a scheduled run was not started. */
  heldBecause: string | null;
  isRunning: boolean;
  /** The newest run that ended. */
  last: {
    state: ReconciliationState;
    isVerified: boolean | null;
    endedAt: Date;
    message: string | null;
  } | null;
  /** When rows were last really compared. */
  verifiedAt: Date | null;
  comparedRows: number | null;
  openUnexplained: number;
  openExplained: number;
  ignored: number;
}

export interface TableVerdict {
  state: CheckedTableState;
  words: string;
  /** Percent of the rows of both ends; null: unknown. */
  unexplainedPercent: number | null;
  explainedPercent: number | null;
  level: ReturnType<typeof driftLevel>;
}

/** What is known of a table now. Age and ignorance come before good news; known drift comes before age. */
export function tableVerdict(facts: TableFacts, now: Date): TableVerdict {
  const { settings, comparedRows } = facts;
  const wasCompared = facts.verifiedAt !== null;
  const unexplainedPercent = wasCompared ? driftPercent(facts.openUnexplained, comparedRows) : null;
  const explainedPercent = wasCompared ? driftPercent(facts.openExplained, comparedRows) : null;
  const verdict = (state: CheckedTableState, words: string): TableVerdict => ({
    state,
    words,
    unexplainedPercent,
    explainedPercent,
    level: driftLevel(state === "not_checked" || state === "stale" ? null : unexplainedPercent, settings),
  });
  const rows = (count: number) => `${count} ${count === 1 ? "row differs" : "rows differ"}`;

  if (facts.openUnexplained > 0) {
    const age = isStale(facts.verifiedAt, now) ? "; the last check is more than a day old" : "";
    return verdict(
      "drift_unexplained",
      `${rows(facts.openUnexplained)} and nothing explains it (${formatDrift(unexplainedPercent)})${age}`,
    );
  }
  if (facts.obstacle !== null) return verdict("not_verifiable", facts.obstacle);
  if (!wasCompared) {
    if (facts.isRunning) return verdict("running", "The first check is running");
    if (facts.last) return verdict(lastState(facts), lastWords(facts) ?? "Never checked");
    if (!settings.enabled) return verdict("not_checked", "Checks are switched off");
    return verdict("not_checked", facts.heldBecause ?? "Never checked");
  }
  if (facts.last && facts.verifiedAt && facts.last.endedAt > facts.verifiedAt && !isGood(facts.last))
    return verdict(lastState(facts), lastWords(facts) ?? "The last check ended without a result");
  if (isStale(facts.verifiedAt, now)) {
    if (facts.isRunning)
      return verdict("running", "A check is running; the last result is more than a day old");
    return verdict(
      "stale",
      facts.heldBecause ?? (settings.enabled ? "Not checked for more than a day" : "Checks are switched off"),
    );
  }
  if (facts.openExplained > 0)
    return verdict("drift_explained", `${rows(facts.openExplained)}, all of them explained`);
  const ignored = facts.ignored > 0 ? `; ${facts.ignored} ignored by decision` : "";
  if (facts.ignored > 0) return verdict("drift_explained", `Equal${ignored}`);
  return verdict("ok", "Every compared row is equal");
}

function isGood(last: NonNullable<TableFacts["last"]>): boolean {
  return last.state === "COMPLETED" && last.isVerified === true;
}

/** A run that failed or could judge nothing leaves the table without a verdict: that is not fine, and not drift. */
function lastState({ last }: TableFacts): CheckedTableState {
  return last?.state === "COMPLETED" || last?.state === "FAILED" ? "not_verifiable" : "not_checked";
}

function lastWords({ last }: TableFacts): string | undefined {
  if (!last) return undefined;
  const message = last.message ?? "no reason given";
  return last.state === "FAILED" ? `The last check failed: ${message}` : `Not verifiable: ${message}`;
}

export function isStale(verifiedAt: Date | null, now: Date): boolean {
  return verifiedAt === null || now.getTime() - verifiedAt.getTime() > FRESH_MS;
}

const JUDGED: ReadonlySet<CheckedTableState> = new Set(["ok", "drift_explained", "drift_unexplained"]);

/** Whether it is known how the ends compare. Known drift stays known; in the other states an old figure would pass for a new one. */
export function isJudged(state: CheckedTableState): boolean {
  return JUDGED.has(state);
}
