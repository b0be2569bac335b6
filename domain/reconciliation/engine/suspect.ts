import type { KeyText } from "./key-text.ts";

export type DifferenceKind = "missing_in_target" | "missing_in_source" | "value_mismatch";

/** What one end shows under a key: a hash, several in order where the key occurs more than once, or nothing. */
export type Token = string | undefined;

/** A key whose rows looked different, and what is known of it so far. */
export interface Suspect {
  key: KeyText;
  /** The source's row when it was last read, before the last mark was taken. */
  seen: Token;
  votes: number;
  rounds: number;
}

export type Verdict =
  /** The target had what the source had: the difference was on its way. */
  | { state: "in-sync" }
  /** Two rounds in a row the source stood still and the target, past the mark, was different. */
  | { state: "confirmed" }
  | { state: "again"; suspect: Suspect }
  /** The row changed in every round. */
  | { state: "unstable" };

export const VOTES_NEEDED = 2;

/**
 * One round: `suspect.seen` was read, then the mark was taken, the target applied past it, `target` was read, and last
 * `source`. Only a source row that did not move in between can accuse the target.
 */
export function judge(suspect: Suspect, target: Token, source: Token, maxRounds: number): Verdict {
  if (target === suspect.seen || target === source) return { state: "in-sync" };
  const stood = source === suspect.seen;
  const votes = stood ? suspect.votes + 1 : 0;
  const rounds = suspect.rounds + 1;
  if (votes >= VOTES_NEEDED) return { state: "confirmed" };
  if (rounds >= maxRounds) return { state: "unstable" };
  return { state: "again", suspect: { key: suspect.key, seen: source, votes, rounds } };
}
