import type { Upstream } from "./upstream.ts";

/** What each upstream is called on screens and in messages. */
export const UPSTREAM_NAME: Record<Upstream, string> = {
  connect: "Kafka Connect",
  kafka: "Kafka",
  registry: "Schema registry",
  vault: "Vault",
};
