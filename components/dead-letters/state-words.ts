import type { Status } from "#components/ui/status-badge.tsx";
import type { DeadLetterStatus, FailureStage, GroupStatus, Verdict } from "#domain/dead-letters/schema.ts";

export const GROUP_STATUS: Record<GroupStatus, Status> = {
  open: "degraded",
  regressed: "failed",
  muted: "held",
  resolved: "healthy",
};

export const RECORD_STATUS: Record<DeadLetterStatus, Status> = {
  PENDING: "degraded",
  RESOLVED: "healthy",
  IGNORED: "held",
};

/** Where in Connect it failed, as people say it. */
export const STAGE_WORDS: Record<FailureStage, string> = {
  TASK_POLL: "reading from the source",
  TASK_PUT: "writing to the target",
  TRANSFORMATION: "transform",
  KEY_CONVERTER: "decoding the key",
  VALUE_CONVERTER: "decoding the value",
  HEADER_CONVERTER: "decoding the headers",
  KAFKA_PRODUCE: "writing to Kafka",
  KAFKA_CONSUME: "reading from Kafka",
  UNKNOWN: "not told by the sink",
};

export const OP_WORDS: Record<string, string> = {
  c: "insert",
  u: "update",
  d: "delete",
  r: "snapshot read",
  t: "truncate",
  m: "message",
};

export const VERDICT_WORDS: Record<Verdict, string> = {
  safe: "No newer event of the row was found.",
  chained: "Several failed events of one row: in their order, the first failure stops that row.",
  superseded: "A newer event of the row was delivered; sending this one would overwrite it with older data.",
  unknown: "Whether a newer event exists cannot be told.",
  blocked: "It failed before and nothing has changed since.",
};
