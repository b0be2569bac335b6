import type { ConnectorConfig } from "./schema.ts";

export interface DraftConflict {
  key: string;
  mine: string | undefined;
  theirs: string | undefined;
}

export interface RebasedDraft {
  /** What is live now, with my changes on it; in a conflict mine is kept. */
  config: ConnectorConfig;
  /** Keys both changed, to different values. */
  conflicts: DraftConflict[];
}

/** My draft began from `base`, and `live` has moved since: nothing of theirs is lost, and true conflicts are named. */
export function rebaseDraft(
  base: ConnectorConfig,
  mine: ConnectorConfig,
  live: ConnectorConfig,
): RebasedDraft {
  const config = { ...live };
  const conflicts: DraftConflict[] = [];
  for (const key of new Set([...Object.keys(base), ...Object.keys(mine)])) {
    const was = base[key];
    const wanted = mine[key];
    if (wanted === was) continue;
    const theirs = live[key];
    if (theirs !== was && theirs !== wanted) conflicts.push({ key, mine: wanted, theirs });
    if (wanted === undefined) delete config[key];
    else config[key] = wanted;
  }
  return { config, conflicts };
}
