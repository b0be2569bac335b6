/** What happened to one table at one sink within a minute. */
export interface MinuteOfTable {
  deadLettered: number;
  /** Records the sink got through, dead-lettered ones included; undefined where its offsets are not known. */
  consumed: number | undefined;
  /** Of the dead-lettered, those of the largest group. */
  largestGroup: number;
}

export interface SystemicFault {
  kind: "share" | "flood";
  /** One sentence for the banner. */
  text: string;
}

const SHARE = 0.2;
const AT_LEAST = 20;
/** The seeds' alert: more than ten a second. */
export const FLOOD_PER_SECOND = 10;

/**
 * One fault behind many dead letters (a dropped column, a revoked right): replaying is pointless until it is fixed, and
 * every further minute makes more of them, so pausing comes first.
 */
export function systemicFault(table: string, minute: MinuteOfTable): SystemicFault | undefined {
  const { deadLettered, consumed, largestGroup } = minute;
  if (deadLettered < AT_LEAST) return undefined;
  if (consumed !== undefined && consumed > 0 && deadLettered / consumed > SHARE) {
    const share = Math.min(100, Math.round((deadLettered / consumed) * 100));
    return { kind: "share", text: `${share} % of ${table} became dead letters within a minute` };
  }
  if (deadLettered > FLOOD_PER_SECOND * 60 && largestGroup > deadLettered / 2)
    return {
      kind: "flood",
      text: `${deadLettered} dead letters of ${table} within a minute, most with one cause`,
    };
  return undefined;
}
