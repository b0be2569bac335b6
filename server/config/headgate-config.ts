import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { Env } from "#server/env.ts";

const VaultSettings = z.object({
  /** Base address, e.g. `https://vault.example.com:8200`. */
  address: z.url(),
  /** AppRole role id of Headgate itself. */
  roleId: z.string().optional(),
  /** File with the AppRole secret id; read at login, never kept. */
  secretIdFile: z.string().optional(),
  /** File with a token, instead of AppRole. */
  tokenFile: z.string().optional(),
  namespace: z.string().optional(),
  /** PEM file of the CA that signed Vault's certificate. */
  caFile: z.string().optional(),
  /** Accessor of a token with the connectors' policy; lets Headgate ask what connectors may read, never read it. */
  connectorAccessor: z.string().optional(),
});
export type VaultSettings = z.infer<typeof VaultSettings>;

const ClusterSettings = z.object({
  /** Unique name; part of every address in the console. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "lower-case letters, digits and dashes, at most 40"),
  kafka: z.object({
    brokers: z.array(z.string()).min(1),
    tls: z.boolean().default(false),
  }),
  connect: z.object({
    url: z.url(),
    /** Milliseconds before a call to Connect counts as unanswered; validate may take the worker's 90 s. */
    timeoutMs: z.number().int().positive().default(10_000),
    /** Folders on the workers whose files connectors may name, such as CA certificates; none by default. */
    fileFolders: z.array(z.string().startsWith("/")).default([]),
    /** Secrets connectors may reference, as `mount/path` prefixes; empty leaves it to Vault's policy. */
    secretPrefixes: z.array(z.string()).default([]),
  }),
  /** Confluent-compatible address of the schema registry. */
  registry: z.object({ url: z.url() }).optional(),
  vault: VaultSettings.optional(),
  /** Name of the Vault config provider on the workers (`config.providers`). */
  configProvider: z.string().default("vault"),
  /** How Headgate creates topics. */
  topics: z
    .object({
      partitions: z.number().int().positive().default(3),
      replicationFactor: z.number().int().positive().default(3),
      retentionDays: z.number().positive().default(7),
      deadLetterRetentionDays: z.number().positive().default(30),
      compression: z.enum(["lz4", "zstd", "snappy", "gzip", "none"]).default("lz4"),
    })
    .prefault({}),
  /** Client settings a connector may override (`producer.override.*` and so on); must match the workers' allow-list. */
  overrides: z.array(z.string()).default([]),
});
export type ClusterSettings = z.infer<typeof ClusterSettings>;

export const HeadgateConfig = z.object({ clusters: z.array(ClusterSettings).default([]) });
export type HeadgateConfig = z.infer<typeof HeadgateConfig>;

/** Clusters from the YAML file, or one from the environment; with neither the list is empty and the console says how to add one. */
export function readHeadgateConfig(env: Env): HeadgateConfig {
  const text = readIfPresent(env.HEADGATE_CONFIG);
  const fallbackVault = vaultFromEnv(env);
  const raw: unknown = text === undefined ? clustersFromEnv(env) : parse(text);
  const parsed = HeadgateConfig.safeParse(raw ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`${env.HEADGATE_CONFIG} has problems:\n${problems.join("\n")}`);
  }
  const clusters = parsed.data.clusters.map((cluster) => ({
    ...cluster,
    vault: cluster.vault ?? fallbackVault,
  }));
  const names = clusters.map((cluster) => cluster.name);
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled) throw new Error(`${env.HEADGATE_CONFIG} names the cluster ${doubled} twice`);
  return { clusters };
}

function clustersFromEnv(env: Env): unknown {
  if (!env.KAFKA_BROKERS || !env.CONNECT_URL) return {};
  return {
    clusters: [
      {
        name: env.HEADGATE_CLUSTER_NAME ?? "default",
        kafka: { brokers: env.KAFKA_BROKERS.split(",").map((broker) => broker.trim()) },
        connect: { url: env.CONNECT_URL },
        ...(env.SCHEMA_REGISTRY_URL ? { registry: { url: env.SCHEMA_REGISTRY_URL } } : {}),
      },
    ],
  };
}

function vaultFromEnv(env: Env): VaultSettings | undefined {
  if (!env.VAULT_ADDR) return undefined;
  return {
    address: env.VAULT_ADDR,
    roleId: env.VAULT_ROLE_ID,
    secretIdFile: env.VAULT_SECRET_ID_FILE,
    tokenFile: env.VAULT_TOKEN_FILE,
    namespace: env.VAULT_NAMESPACE,
    caFile: env.VAULT_CACERT,
    connectorAccessor: env.VAULT_CONNECTOR_ACCESSOR,
  };
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
