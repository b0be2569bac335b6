import { expect, test } from "vitest";
import { parse } from "yaml";
import type { Endpoints } from "./endpoints.ts";
import { headgateEnv, renderHeadgateYaml } from "./headgate-config.ts";

const endpoints: Endpoints = {
  dir: "/lab",
  portBase: 17_400,
  headgateUrl: "http://127.0.0.1:17400",
  headgateSecretFile: "/lab/secrets/headgate-secret",
  kafka: { brokers: ["127.0.0.1:17410"] },
  connect: {
    url: "http://127.0.0.1:17420",
    overrides: ["max.poll.records"],
    pluginPath: "/lab/connect/plugins",
  },
  registry: {
    url: "http://127.0.0.1:17430/apis/ccompat/v7",
    nativeUrl: "http://127.0.0.1:17430/apis/registry/v2",
  },
  vault: {
    address: "http://127.0.0.1:17440",
    roleId: "role",
    secretIdFile: "/lab/secrets/headgate-secret-id",
    connectorAccessor: "accessor",
    auditLog: "/lab/openbao/audit.log",
    rootTokenFile: "/lab/secrets/vault-root-token",
  },
  oidc: {
    issuer: "http://127.0.0.1:17450",
    clientId: "headgate",
    clientSecretFile: "/lab/secrets/oidc-client-secret",
    accountsFile: "/lab/oidc/accounts.json",
  },
  postgres: {
    state: { url: "postgresql://headgate:pw@127.0.0.1:17401/headgate" },
    source: { host: "127.0.0.1", port: 17_402, databases: ["shop", "library"] },
    target: { host: "127.0.0.1", port: 17_403, database: "warehouse" },
    adminUrlsFile: "/lab/secrets/admin-urls.json",
  },
  accounts: [],
  demoPassword: "headgate",
};

test("the lab is described as one cluster", () => {
  expect(parse(renderHeadgateYaml(endpoints))).toEqual({
    clusters: [
      {
        name: "lab",
        kafka: { brokers: ["127.0.0.1:17410"] },
        connect: { url: "http://127.0.0.1:17420" },
        registry: { url: "http://127.0.0.1:17430/apis/ccompat/v7" },
        vault: {
          address: "http://127.0.0.1:17440",
          roleId: "role",
          secretIdFile: "/lab/secrets/headgate-secret-id",
          connectorAccessor: "accessor",
        },
        topics: { partitions: 3, replicationFactor: 1, retentionDays: 7, compression: "lz4" },
        overrides: ["max.poll.records"],
      },
    ],
  });
});

test("the environment follows the address Headgate is reached at", () => {
  expect(headgateEnv(endpoints, { url: "http://localhost:3100" })).toMatchObject({
    HEADGATE_URL: "http://localhost:3100",
    PORT: "3100",
    HEADGATE_CONFIG: "/lab/headgate.yaml",
    OIDC_ISSUER: "http://127.0.0.1:17450",
    VAULT_SECRET_ID_FILE: "/lab/secrets/headgate-secret-id",
  });
});
