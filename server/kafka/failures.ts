import { AppError } from "#domain/errors/app-error.ts";

const REFUSALS: Record<string, string> = {
  INVALID_REPLICATION_FACTOR: "the replication factor is larger than the number of brokers",
  INVALID_TOPIC_EXCEPTION: "the topic's name is not valid",
  INVALID_PARTITIONS: "the number of partitions is not valid",
  INVALID_CONFIG: "a setting of the topic is not valid",
  POLICY_VIOLATION: "the cluster's policy forbids it",
  TOPIC_AUTHORIZATION_FAILED: "Headgate may not do this with the topic",
  CLUSTER_AUTHORIZATION_FAILED: "Headgate may not do this in the cluster",
  GROUP_AUTHORIZATION_FAILED: "Headgate may not do this with the consumer group",
  TOPIC_DELETION_DISABLED: "the brokers do not allow topics to be deleted",
  NON_EMPTY_GROUP: "the consumer group still has members",
};

/** What Kafka said or did not say, in words; a silent broker is named by its address. */
export function kafkaFailure(cluster: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const type = errorType(error);
  const upstream = "Kafka";
  const reason = type === undefined ? undefined : REFUSALS[type];
  if (reason)
    return new AppError("upstream_rejected", `Kafka of ${cluster} refused: ${reason}`, {
      upstream,
      cause: error,
    });
  if (meansNoTopic(error)) {
    return new AppError("not_found", `Kafka of ${cluster} does not have this topic`, {
      upstream,
      cause: error,
    });
  }
  const address = brokerAddress(error);
  const where = address ? ` at ${address}` : "";
  return new AppError("upstream_unavailable", `Kafka of ${cluster} did not answer${where}`, {
    retryable: true,
    upstream,
    cause: error,
  });
}

/** The broker does not have the topic, or not yet, or no longer. */
export const meansNoTopic = (error: unknown) => errorType(error) === "UNKNOWN_TOPIC_OR_PARTITION";

/** The protocol's own name of the error, however deep kafkajs wrapped it. */
function errorType(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("type" in error && typeof error.type === "string") return error.type;
  if ("errors" in error && Array.isArray(error.errors)) return errorType(error.errors[0]);
  if ("groups" in error && Array.isArray(error.groups)) return errorType(error.groups[0]?.error);
  return error.cause === undefined ? undefined : errorType(error.cause);
}

function brokerAddress(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("broker" in error && typeof error.broker === "string") return error.broker;
  return error.cause === undefined ? undefined : brokerAddress(error.cause);
}
