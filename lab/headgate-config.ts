import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Endpoints } from "./endpoints.ts";

/** The `headgate.yaml` that describes a lab as Headgate's one cluster. */
export function renderHeadgateYaml(endpoints: Endpoints, name = "lab"): string {
  return stringify({
    clusters: [
      {
        name,
        kafka: { brokers: endpoints.kafka.brokers },
        connect: { url: endpoints.connect.url },
        registry: { url: endpoints.registry.url },
        vault: {
          address: endpoints.vault.address,
          roleId: endpoints.vault.roleId,
          secretIdFile: endpoints.vault.secretIdFile,
          connectorAccessor: endpoints.vault.connectorAccessor,
        },
        topics: { partitions: 3, replicationFactor: 1, retentionDays: 7, compression: "lz4" },
        overrides: endpoints.connect.overrides,
      },
    ],
  });
}

/** Writes `headgate.yaml` into a folder and says where. */
export async function writeHeadgateConfig(
  endpoints: Endpoints,
  dir: string = endpoints.dir,
): Promise<string> {
  const file = join(dir, "headgate.yaml");
  await writeFile(file, renderHeadgateYaml(endpoints));
  return file;
}

/** The environment in which Headgate's web and worker run against a lab; entries replace the caller's own. */
export function headgateEnv(
  endpoints: Endpoints,
  { url = endpoints.headgateUrl, configFile = join(endpoints.dir, "headgate.yaml") } = {},
): Record<string, string> {
  return {
    HEADGATE_URL: url,
    PORT: new URL(url).port || "80",
    HEADGATE_CONFIG: configFile,
    HEADGATE_SECRET_FILE: endpoints.headgateSecretFile,
    HEADGATE_DATA_DIR: join(endpoints.dir, "headgate"),
    DATABASE_URL: endpoints.postgres.state.url,
    OIDC_ISSUER: endpoints.oidc.issuer,
    OIDC_CLIENT_ID: endpoints.oidc.clientId,
    OIDC_CLIENT_SECRET_FILE: endpoints.oidc.clientSecretFile,
    VAULT_ADDR: endpoints.vault.address,
    VAULT_ROLE_ID: endpoints.vault.roleId,
    VAULT_SECRET_ID_FILE: endpoints.vault.secretIdFile,
    VAULT_CONNECTOR_ACCESSOR: endpoints.vault.connectorAccessor,
  };
}
