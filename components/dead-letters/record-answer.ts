import { formatDuration, formatUtc } from "#domain/format/durations.ts";
import type { DeadLetter } from "./dead-letter-outputs.ts";
import { OP_WORDS } from "./state-words.ts";

type Answered = Pick<
  DeadLetter,
  "status" | "op" | "table" | "connector" | "attemptsMade" | "expiresAt" | "settled"
>;

/** What became of this record, in a sentence. */
export function recordAnswer(record: Answered, now: number): string {
  const { status, op, connector, attemptsMade, expiresAt, settled } = record;
  const why = settled?.reason ? `: ${settled.reason}` : "";
  if (status === "RESOLVED") return `Settled ${settled?.at ? `at ${formatUtc(settled.at)}` : ""}${why}.`;
  if (status === "IGNORED") return `Left as it is on purpose${why}.`;
  const change = op === null ? "This change" : `This ${OP_WORDS[op] ?? "change"}`;
  const sink = connector ? ` by ${connector}` : "";
  const [last] = attemptsMade;
  const tried =
    last === undefined
      ? "It has not been replayed."
      : last.outcome === "failed"
        ? "It was replayed and failed again."
        : "A replay has sent it.";
  const left = expiresAt === null ? undefined : expiresAt.getTime() - now;
  const expiry =
    left === undefined
      ? ""
      : left > 0
        ? ` Kafka keeps its bytes for another ${formatDuration(left)}.`
        : " Kafka may have removed its bytes already.";
  return `${change} was not written${sink}. ${tried}${expiry}`;
}
