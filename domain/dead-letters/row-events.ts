/** An event of a failed event's row, as it lies in the topic. */
export interface RowEvent {
  offset: number;
  /** Set where a replay sent it: it lies at the end of the topic and tells of something older. */
  sending?: Sending | undefined;
}

export interface Sending {
  /** Offset of the event that was sent again. */
  of: number;
  /** `waiting`: its worker died between sending it and noting it. */
  state: "waiting" | "sent" | "delivered" | "failed" | "skipped";
}

export interface EventsBehind {
  /** Offset of the newest event that has replaced the failed one at the target, or will. */
  newestDelivered: number | undefined;
  /** Where an earlier replay has sent the failed event itself, if the sink has not said yet how that ended. */
  underway: number | undefined;
}

/**
 * What came after a failed event in its row. An event that failed itself has replaced nothing; one that a replay sent
 * counts as what it is, the older event, not as the new one its place in the topic makes it look like.
 */
export function eventsBehind(
  own: number,
  events: readonly RowEvent[],
  failed: ReadonlySet<number>,
): EventsBehind {
  const found: EventsBehind = { newestDelivered: undefined, underway: undefined };
  for (const { offset, sending } of events) {
    if (sending?.of === own && (sending.state === "sent" || sending.state === "waiting"))
      found.underway = offset;
    if (sending?.state === "failed" || failed.has(offset)) continue;
    if ((sending?.of ?? offset) > own) found.newestDelivered = offset;
  }
  return found;
}
