import { type ChainLink, rootLink } from "./exception-chain.ts";
import { normaliseMessage } from "./normalise-message.ts";
import { withoutReason } from "./quarantine-reason.ts";
import type { FailureStage } from "./schema.ts";

/** Raised when the way of grouping changes: new records get new groups, old groups stay as they are. */
export const GROUPING_VERSION = 1;

/** What two dead letters must have in common to be one failure, in the words the screen shows as "why grouped". */
export interface Grouping {
  version: number;
  stage: FailureStage;
  connector: string;
  table: string;
  exceptions: readonly string[];
  message: string;
}

export interface GroupingFacts {
  stage: FailureStage;
  connector: string | undefined;
  topic: string | undefined;
  exception: string | undefined;
  message: string | undefined;
  chain: readonly ChainLink[];
}

/** Wrappers say the same for every failure, so a chain with one more of them is still the same failure. */
const WRAPPERS = new Set([
  "org.apache.kafka.connect.errors.ConnectException",
  "java.lang.RuntimeException",
  "java.util.concurrent.ExecutionException",
  "java.util.concurrent.CompletionException",
]);

export function groupingOf(facts: GroupingFacts): Grouping {
  const chain =
    facts.chain.length > 0
      ? facts.chain
      : [{ exception: facts.exception ?? "", message: facts.message ?? "" }];
  const root = rootLink(chain);
  const exceptions = chain.map((link) => link.exception).filter((name) => name !== "");
  const telling = exceptions.filter(
    (name, index) => !WRAPPERS.has(name) && exceptions.indexOf(name) === index,
  );
  return {
    version: GROUPING_VERSION,
    stage: facts.stage,
    connector: facts.connector ?? "",
    table: facts.topic === undefined ? "" : tableOfTopic(facts.topic),
    exceptions: telling.length > 0 ? telling : exceptions.slice(-1),
    message: normaliseMessage(withoutReason(root.message || facts.message || "")),
  };
}

/** The text whose hash is the fingerprint. */
export function groupingText(grouping: Grouping): string {
  const { version, stage, connector, table, exceptions, message } = grouping;
  return JSON.stringify([version, stage, connector, table, exceptions, message]);
}

/** Debezium's topics are `prefix.schema.table`; of a topic named otherwise the whole name stands for the table. */
export function tableOfTopic(topic: string): string {
  const parts = topic.split(".");
  return parts.length >= 3 ? parts.slice(-2).join(".") : topic;
}
