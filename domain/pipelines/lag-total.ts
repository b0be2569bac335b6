export interface LagTotal {
  /** Events that wait, over the tables that were measured; null when none was. */
  lagEvents: number | null;
  /** Tables with events and a sink whose lag nobody has said: the total is no less than what it shows. */
  lagUnknown: number;
}

/** What waits over several tables, and how much of it is not known. */
export function lagTotal(
  tables: readonly { topicExists: boolean; lagEvents: number | null; sinks: readonly unknown[] }[],
): LagTotal {
  const known = tables.flatMap(({ lagEvents }) => lagEvents ?? []);
  return {
    lagEvents: known.length > 0 ? known.reduce((total, events) => total + events, 0) : null,
    lagUnknown: tables.filter(
      ({ topicExists, lagEvents, sinks }) => topicExists && lagEvents === null && sinks.length > 0,
    ).length,
  };
}
