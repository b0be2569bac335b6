import { z } from "zod";
import { listOf } from "../connectors/produced-topics.ts";
import { type ConnectorConfig, ConnectorName } from "../connectors/schema.ts";
import { ConnectorStep } from "../connectors/steps.ts";
import { AppError } from "../errors/app-error.ts";
import { tableOfTopic } from "./grouping.ts";
import { quarantinedBy, removeFromQuarantine } from "./quarantine-list.ts";

export const ProposeIsolationInput = z.object({
  cluster: z.string().min(1),
  /** The sink that drains the table among others. */
  name: z.string().min(1),
  topic: z.string().min(1),
  /** Name of the second sink; unset: made from the sink's and the table's. */
  newName: ConnectorName.optional(),
  /** True: the second sink stays STOPPED until somebody resumes it. */
  hold: z.boolean().default(false),
});
export type ProposeIsolationInput = z.input<typeof ProposeIsolationInput>;

const Sinks = z.object({ cluster: z.string(), from: z.string(), to: z.string(), topic: z.string() });

/** What an isolation run does beyond creating, stopping and changing connectors. */
export const IsolationStep = z.union([
  z.discriminatedUnion("do", [
    Sinks.extend({ do: z.literal("hand-over-offsets") }),
    Sinks.extend({ do: z.literal("check-offsets") }),
    z.object({ do: z.literal("resume"), cluster: z.string(), name: z.string() }),
  ]),
  ConnectorStep,
]);
export type IsolationStep = z.infer<typeof IsolationStep>;
export type OffsetsStep = Extract<IsolationStep, { do: "hand-over-offsets" | "check-offsets" }>;

export interface Isolation {
  /** The first sink without the topic. */
  rest: ConnectorConfig;
  /** The second sink: the same in everything but its topic. */
  own: ConnectorConfig;
}

/** Divides a sink's configuration in two, or says why it cannot be divided. */
export function isolationOf(name: string, config: ConnectorConfig, topic: string): Isolation {
  const refuse = (message: string): never => {
    throw new AppError("precondition_failed", message);
  };
  if (config["topics.regex"])
    refuse(
      `${name} reads topics by the pattern topics.regex: a topic cannot be taken off it. List its topics first`,
    );
  if (config["consumer.override.group.id"])
    refuse(`${name} has a consumer group of its own name; its position cannot be handed over`);
  const topics = listOf(config.topics);
  if (!topics.includes(topic)) refuse(`${name} does not read ${topic}`);
  if (topics.length === 1) refuse(`${name} reads ${topic} alone: it is isolated already`);
  const listed = quarantinedBy(config);
  const without = (others: typeof listed) => patched(config, removeFromQuarantine(config, others));
  return {
    rest: {
      ...without(listed.filter((entry) => entry.topic === topic)),
      topics: topics.filter((other) => other !== topic).join(","),
    },
    own: { ...without(listed.filter((entry) => entry.topic !== topic)), topics: topic },
  };
}

export function isolatedName(name: string, topic: string): string {
  const table = tableOfTopic(topic)
    .split(".")
    .at(-1)
    ?.replace(/[^A-Za-z0-9_-]/g, "-");
  return `${name}-${table || "table"}`.slice(0, 120);
}

function patched(config: ConnectorConfig, patch: Record<string, string | null>): ConnectorConfig {
  const next: ConnectorConfig = { ...config };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete next[key];
    else next[key] = value;
  }
  return next;
}

/** Offsets of one topic by partition. */
export type TopicOffsets = ReadonlyMap<number, number>;

/** Whether the second sink stands where the first one does: nothing is read twice, and nothing is left out. */
export function sameOffsets(first: TopicOffsets, second: TopicOffsets): boolean {
  return (
    first.size === second.size && [...first].every(([partition, offset]) => second.get(partition) === offset)
  );
}
