import { z } from "zod";

/** The outside systems of a cluster that the observer asks. */
export const Upstream = z.enum(["connect", "kafka", "registry", "vault"]);
export type Upstream = z.infer<typeof Upstream>;

/** `degraded`: it answers, but not wholly; `sealed`: Vault is up and gives nothing out until someone unseals it. */
export const UpstreamCondition = z.enum(["up", "degraded", "down", "sealed", "unknown"]);
export type UpstreamCondition = z.infer<typeof UpstreamCondition>;
