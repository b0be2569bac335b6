import type { Rule } from "#domain/dead-letters/rules.ts";
import { formatCounted } from "#domain/format/numbers.ts";

const SPLIT_BY: Record<string, string> = {
  topic: "original topic",
  trace: "stack trace",
  op: "kind of change",
  partition: "partition",
};

/** What the rule does, as one would say it. */
export function actionWords(action: Rule["action"]): string {
  switch (action.do) {
    case "merge":
      return `become one group, “${action.name}”`;
    case "split":
      return `are divided by ${SPLIT_BY[action.by] ?? action.by}`;
    case "mute": {
      const times =
        action.untilTimes === undefined ? "" : ` until they have grown ${action.untilTimes} times`;
      const hours = action.untilHours === undefined ? "" : ` for ${formatCounted(action.untilHours, "hour")}`;
      return `are muted${hours}${times}`;
    }
    case "assign":
      return `go to ${action.owner}`;
    case "suggest":
      return `show the suggestion “${action.text}”`;
    case "replay":
      return `are replayed by themselves after ${formatCounted(action.quietMinutes, "quiet minute")}, at most ${formatCounted(action.atMost, "record")} a day`;
  }
}

/** Which failures it is about. */
export function matchWords(match: Rule["match"]): string {
  const parts = Object.entries(match).filter(([, value]) => value !== undefined);
  return parts.map(([name, value]) => `${name} ${value}`).join(", ");
}
