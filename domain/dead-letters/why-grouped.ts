import { GROUPING_VERSION, type Grouping } from "./grouping.ts";
import type { FailureStage } from "./schema.ts";

export interface Ingredient {
  name: "stage" | "connector" | "table" | "exceptions" | "message";
  label: string;
  value: string;
  /** What of it counts, in one sentence. */
  why: string;
}

const STAGE_WORDS: Record<FailureStage, string> = {
  TASK_POLL: "while the source was read",
  TASK_PUT: "while the sink wrote to the target",
  TRANSFORMATION: "in a transform",
  KEY_CONVERTER: "while the key was converted",
  VALUE_CONVERTER: "while the value was converted",
  HEADER_CONVERTER: "while a header was converted",
  KAFKA_PRODUCE: "while it was written to Kafka",
  KAFKA_CONSUME: "while it was read from Kafka",
  UNKNOWN: "somewhere: the sink writes no error headers",
};

/** What all records of a group have in common: exactly what the fingerprint was made from, and nothing else. */
export function whyGrouped(grouping: Omit<Grouping, "version">): Ingredient[] {
  return [
    {
      name: "stage",
      label: "Stage",
      value: grouping.stage,
      why: `It failed ${STAGE_WORDS[grouping.stage]}.`,
    },
    {
      name: "connector",
      label: "Sink",
      value: grouping.connector,
      why: grouping.connector
        ? "Each sink has its own groups: another one has other settings and another target."
        : "The error headers name no connector.",
    },
    {
      name: "table",
      label: "Table",
      value: grouping.table,
      why: grouping.table
        ? "The last two parts of the original topic's name."
        : "The error headers name no topic.",
    },
    {
      name: "exceptions",
      label: "Exceptions",
      value: grouping.exceptions.join(" → "),
      why: "The chain from outside in, without wrappers that say nothing and without repetitions. Line numbers do not count.",
    },
    {
      name: "message",
      label: "Message",
      value: grouping.message,
      why: "The root cause's message with row data left out: numbers, quoted values and identifiers of single rows are replaced, so that each row does not become a group of its own.",
    },
  ];
}

export function isOldWay(version: number): boolean {
  return version !== GROUPING_VERSION;
}
