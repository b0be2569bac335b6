/** Days the heat map of the fleet can show. */
export const FLEET_RANGES = { "7 d": 7, "14 d": 14, "28 d": 28, "90 d": 90 } as const;

export type FleetRange = keyof typeof FLEET_RANGES;

/** The span an address names; four weeks where it names none there is. */
export function readFleetRange(text: string | null): FleetRange {
  return text !== null && Object.hasOwn(FLEET_RANGES, text) ? (text as FleetRange) : "28 d";
}
