import { z } from "zod";
import { parseRoleMapping } from "#domain/access/role-mapping.ts";

const blankAsMissing = (value: unknown) => (value === "" ? undefined : value);
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blankAsMissing, schema.optional());

/** Every environment variable Headgate reads, with what it means. `.env.example` is checked against this. */
export const Env = z.object({
  /** Address people use in the browser; cookies, redirects and the origin check depend on it. */
  HEADGATE_URL: z.preprocess(blankAsMissing, z.url().default("http://localhost:3000")),
  /** Port the web process listens on. */
  PORT: z.preprocess(blankAsMissing, z.coerce.number().int().min(1).max(65535).default(3000)),
  /** Address the web process binds to. */
  HEADGATE_HOST: z.preprocess(blankAsMissing, z.string().default("127.0.0.1")),
  /** PostgreSQL of Headgate's own state. Unset: an embedded server under HEADGATE_DATA_DIR (`npm start` only). */
  DATABASE_URL: optional(z.string().regex(/^postgres(ql)?:\/\//, "must be a postgres:// URL")),
  /** Folder for the embedded database, the generated session secret and worker scratch files. */
  HEADGATE_DATA_DIR: z.preprocess(blankAsMissing, z.string().default(".headgate/data")),
  /** YAML file with the clusters; see docs/operations.md for its keys. */
  HEADGATE_CONFIG: z.preprocess(blankAsMissing, z.string().default("headgate.yaml")),
  /** File holding the secret that signs cookies (32+ characters). Unset: made once in HEADGATE_DATA_DIR. */
  HEADGATE_SECRET_FILE: optional(z.string()),
  /** One cluster without a YAML file: its name… */
  HEADGATE_CLUSTER_NAME: optional(z.string()),
  /** …its Kafka bootstrap servers, comma separated… */
  KAFKA_BROKERS: optional(z.string()),
  /** …its Kafka Connect REST address… */
  CONNECT_URL: optional(z.url()),
  /** …and its schema registry (Confluent-compatible API). */
  SCHEMA_REGISTRY_URL: optional(z.url()),
  /** Vault or OpenBao address for clusters that name none of their own. */
  VAULT_ADDR: optional(z.url()),
  /** AppRole role id of Headgate in Vault. */
  VAULT_ROLE_ID: optional(z.string()),
  /** File with the AppRole secret id. */
  VAULT_SECRET_ID_FILE: optional(z.string()),
  /** File with a Vault token, instead of AppRole. */
  VAULT_TOKEN_FILE: optional(z.string()),
  /** Vault namespace. */
  VAULT_NAMESPACE: optional(z.string()),
  /** PEM file of the CA that signed Vault's certificate. */
  VAULT_CACERT: optional(z.string()),
  /** Accessor (not the token) of a token with the connectors' policy: used to ask what connectors may read. */
  VAULT_CONNECTOR_ACCESSOR: optional(z.string()),
  /** Issuer of the OpenID Connect provider. Unset: sign-in is closed and the console says how to set it up. */
  OIDC_ISSUER: optional(z.url()),
  OIDC_CLIENT_ID: optional(z.string()),
  /** File with the client secret; unset for a public client. */
  OIDC_CLIENT_SECRET_FILE: optional(z.string()),
  /** Name shown on the sign-in button. */
  OIDC_NAME: z.preprocess(blankAsMissing, z.string().default("single sign-on")),
  /** Claim that lists a person's groups. */
  OIDC_GROUPS_CLAIM: z.preprocess(blankAsMissing, z.string().default("groups")),
  /** `group=role` pairs, comma separated; roles: viewer, analyst, operator, engineer, security, admin. */
  OIDC_ROLE_MAPPING: z.preprocess(
    blankAsMissing,
    z
      .string()
      .default(
        "headgate-viewers=viewer,headgate-analysts=analyst,headgate-operators=operator,headgate-engineers=engineer,headgate-security=security,headgate-admins=admin",
      )
      .transform((text, ctx) => {
        const { mapping, problems } = parseRoleMapping(text);
        for (const message of problems) ctx.addIssue({ code: "custom", message });
        return mapping;
      }),
  ),
  /** Scopes to ask for, separated by spaces. Unset: openid profile email groups offline_access, as far as the provider knows them. */
  OIDC_SCOPES: optional(z.string()),
  /** Whom people without a role should ask, e.g. an e-mail address; shown to them. */
  HEADGATE_ACCESS_CONTACT: optional(z.string()),
  /** A session ends after this many minutes without a request. */
  SESSION_IDLE_MINUTES: z.preprocess(blankAsMissing, z.coerce.number().int().positive().default(480)),
  /** A session ends after this many hours whatever happens. */
  SESSION_MAX_HOURS: z.preprocess(blankAsMissing, z.coerce.number().int().positive().default(24)),
  /** Groups are read from the provider again after this many minutes. */
  SESSION_ROLES_MINUTES: z.preprocess(blankAsMissing, z.coerce.number().positive().default(5)),
  /** trace, debug, info, warn, error. */
  LOG_LEVEL: z.preprocess(
    blankAsMissing,
    z.enum(["trace", "debug", "info", "warn", "error"]).default("info"),
  ),
  /** File with the bearer token (16+ characters) that opens /metrics. Unset: there are no metrics. */
  HEADGATE_METRICS_TOKEN_FILE: optional(z.string()),
  /** Seconds between two looks at each Connect cluster. */
  OBSERVE_CONNECT_SECONDS: z.preprocess(blankAsMissing, z.coerce.number().positive().default(2)),
  /** Seconds between two looks at end offsets and committed offsets. */
  OBSERVE_PROGRESS_SECONDS: z.preprocess(blankAsMissing, z.coerce.number().positive().default(1)),
});
export type Env = z.infer<typeof Env>;

/** Lists every problem at once: an operator should not have to restart once per typo. */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const parsed = Env.safeParse(source);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`Headgate cannot start, the environment has problems:\n${problems.join("\n")}`);
}
