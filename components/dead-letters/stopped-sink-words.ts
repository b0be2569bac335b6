import { formatCounted } from "#domain/format/numbers.ts";
import type { StoppedSink } from "./dead-letter-outputs.ts";

export type StoppedFacts = Pick<StoppedSink, "state" | "cause" | "message" | "table" | "record" | "waiting">;

/** What stopped the sink, as one would say it to a colleague. */
export function stoppedSinkTitle({ record, table, cause }: StoppedFacts): string {
  const where = table ? ` of ${table}` : "";
  if (!record)
    return cause ? `${cause.title}${table ? ` in ${table}` : ""}` : "Which record it was cannot be told";
  return `Row ${record.key}${where} stopped this sink`;
}

/** Why, what waits, what is safe. */
export function stoppedSinkSentence({ record, message, cause, waiting }: StoppedFacts): string {
  const why = message ? `The target refused it: ${message}.` : cause ? `${cause.likelyCause}` : "";
  const behind =
    waiting === 0
      ? "Nothing waits behind it."
      : `${formatCounted(waiting, "record")} ${waiting === 1 ? "waits" : "wait"} from there on; nothing is lost.`;
  const doubt =
    record && !record.certain
      ? " Another event of this row fits the error as well; the first of them is meant."
      : "";
  return [why, behind + doubt].filter(Boolean).join(" ");
}
