import type { GroupStatus } from "./schema.ts";

export interface GroupState {
  status: GroupStatus;
  open: number;
  /** A muted group wakes when it has this many records in all… */
  muteUntilCount: number | undefined;
  /** …or at its first record after this moment. */
  muteUntilAt: Date | undefined;
  resolvedAt: Date | undefined;
}

export interface Arrivals {
  /** Records of the group after these arrived. */
  total: number;
  open: number;
  /** When the newest of them failed. */
  newestAt: Date;
}

/** New records of a known failure: a resolved one has come back, a muted one may wake. */
export function afterArrivals(state: GroupState, arrivals: Arrivals): GroupState {
  const next = { ...state, open: arrivals.open };
  if (state.status === "resolved") {
    // Records that failed before the repair and are read only now say nothing against it.
    const cameBack = state.resolvedAt === undefined || arrivals.newestAt > state.resolvedAt;
    return { ...next, status: cameBack ? "regressed" : "open" };
  }
  if (state.status === "muted" && isAwake(state, arrivals))
    return { ...next, status: "open", muteUntilCount: undefined, muteUntilAt: undefined };
  return next;
}

function isAwake({ muteUntilCount, muteUntilAt }: GroupState, { total, newestAt }: Arrivals): boolean {
  if (muteUntilCount !== undefined && total >= muteUntilCount) return true;
  return muteUntilAt !== undefined && newestAt >= muteUntilAt;
}

/** Records were settled: with the last open one the group is resolved; with one reopened it is open again. */
export function afterSettling(state: GroupState, open: number, now: Date): GroupState {
  if (open > 0)
    return {
      ...state,
      open,
      ...(state.status === "resolved" ? { status: "open", resolvedAt: undefined } : {}),
    };
  return {
    ...state,
    open,
    status: "resolved",
    resolvedAt: now,
    muteUntilCount: undefined,
    muteUntilAt: undefined,
  };
}
