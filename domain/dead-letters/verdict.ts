import type { Verdict } from "./schema.ts";

/** How the original topic could be read for events of a key. */
export type ScanResult =
  /** Every event after the failed one was seen. */
  | "complete"
  /** The topic no longer holds everything since the failed event. */
  | "gap"
  /** It was not read: no key, no original position, or no such topic. */
  | "impossible";

export interface VerdictFacts {
  /** False: the record has no key, or its key could not be told apart. */
  hasKey: boolean;
  scan: ScanResult;
  /** Offset of the newest event of the key after this one that did not fail itself. */
  newestDelivered: number | undefined;
  /** Where an earlier replay has sent this event, while the sink has not said how that ended. */
  underway: number | undefined;
  /** Failed events of the key that are open and older than this one. */
  openBefore: number;
  /** Failed events of the key that are open and newer than this one. */
  openAfter: number;
  /** Replays of this record that failed. */
  failedReplays: number;
  /** False once anything that could make a difference has changed since the last failed replay. */
  unchangedSinceFailure: boolean;
}

export interface Judgement {
  verdict: Verdict;
  /** Why, in one sentence for people. */
  reason: string;
}

/** Replays of one record that may fail before Headgate refuses to try again without a change. */
export const MAX_FAILED_REPLAYS = 5;

/**
 * Whether to send a failed event again. Sending it puts it behind everything now in the topic, so a newer event of its
 * row would be overwritten by the older one: that is the one thing a replay must never do unasked.
 */
export function judge(facts: VerdictFacts): Judgement {
  if (facts.newestDelivered !== undefined)
    return {
      verdict: "superseded",
      reason: `A newer event of this row was delivered (offset ${facts.newestDelivered}); replaying would overwrite it with older data`,
    };
  if (facts.underway !== undefined)
    return {
      verdict: "blocked",
      reason: `An earlier replay has sent it already (offset ${facts.underway}), and the sink has not got past it yet; it is settled as soon as the sink has`,
    };
  if (facts.failedReplays >= MAX_FAILED_REPLAYS)
    return {
      verdict: "blocked",
      reason: `It failed again in ${facts.failedReplays} replays; the remedy has not worked`,
    };
  if (facts.failedReplays > 0 && facts.unchangedSinceFailure)
    return {
      verdict: "blocked",
      reason: `Nothing changed since attempt ${facts.failedReplays}: the sink's configuration, its plugin and the schema are the same`,
    };
  if (!facts.hasKey)
    return {
      verdict: "unknown",
      reason: "The record has no key, so newer events of its row cannot be found",
    };
  if (facts.scan === "impossible")
    return {
      verdict: "unknown",
      reason: "Its original topic could not be read, so newer events of its row may exist",
    };
  if (facts.scan === "gap")
    return {
      verdict: "unknown",
      reason:
        "The original topic no longer holds everything since this event; newer events of its row may have been removed",
    };
  if (facts.openBefore + facts.openAfter > 0)
    return {
      verdict: "chained",
      reason: `One of ${facts.openBefore + facts.openAfter + 1} failed events of this row: sent in their order, and the first failure stops the rest`,
    };
  return { verdict: "safe", reason: "No newer event of this row was found" };
}

/** What is sent unless somebody decides otherwise. */
export function isSentByDefault(verdict: Verdict): boolean {
  return verdict === "safe" || verdict === "chained";
}
