import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { databases, rolesOf } from "./databases.ts";
import type { LabSecrets } from "./lab-secrets.ts";

/** Where the lab keeps its Vault keys among its secrets. */
export const vaultKeys = {
  unsealKey: "vault:unseal-key",
  rootToken: "vault:root-token",
  connectorToken: "vault:connector-token",
  connectorAccessor: "vault:connector-accessor",
  headgateRoleId: "vault:headgate-role-id",
  connectRoleId: "vault:connect-role-id",
} as const;

/** Files with the secret ids of the two AppRoles. */
export const secretIdFiles = { headgate: "headgate-secret-id", connect: "connect-secret-id" } as const;

const policies = {
  /** What Kafka Connect's workers may do: read what connectors need. */
  "headgate-connectors": `
path "secret/data/connectors/*" { capabilities = ["read"] }
`,
  /** What Headgate itself may do: see that connectors' secrets exist and who may read them, never what they hold. */
  headgate: `
path "secret/data/headgate/*" { capabilities = ["read"] }
path "secret/metadata/*" { capabilities = ["read", "list"] }
path "secret/subkeys/*" { capabilities = ["read"] }
path "sys/capabilities-self" { capabilities = ["update"] }
path "sys/capabilities-accessor" { capabilities = ["update"] }
`,
  /** Credentials that may change a target; Headgate reads them only inside an approved run. */
  "headgate-changes": `
path "secret/data/changes/*" { capabilities = ["read"] }
`,
};

const Initialised = z.object({ keys: z.tuple([z.string()]), root_token: z.string() });
const Health = z.object({ initialized: z.boolean(), sealed: z.boolean() });
const RoleId = z.object({ data: z.object({ role_id: z.string() }) });
const SecretId = z.object({ data: z.object({ secret_id: z.string() }) });
const Token = z.object({ auth: z.object({ client_token: z.string(), accessor: z.string() }) });
const Mounts = z.object({ data: z.record(z.string(), z.unknown()) });

/** Initialises the server once and unseals it at every start with the key the lab keeps. */
export async function unsealVault(address: string, secrets: LabSecrets): Promise<void> {
  const call = vaultCaller(address);
  const { initialized, sealed } = Health.parse(await call("GET", "sys/health", { accept: [429, 501, 503] }));
  if (!initialized) {
    const made = Initialised.parse(
      await call("PUT", "sys/init", { body: { secret_shares: 1, secret_threshold: 1 } }),
    );
    secrets.set(vaultKeys.unsealKey, made.keys[0]);
    secrets.set(vaultKeys.rootToken, made.root_token);
  }
  if (!initialized || sealed) {
    const key = secrets.find(vaultKeys.unsealKey);
    if (!key)
      throw new Error(
        `OpenBao holds data but its unseal key is not in ${secrets.folder}: "lab reset" starts over`,
      );
    await call("PUT", "sys/unseal", { body: { key } });
  }
  const deadline = Date.now() + 60_000;
  for (;;) {
    const reply = await fetch(`${address}/v1/sys/health`, { signal: AbortSignal.timeout(5_000) });
    await reply.arrayBuffer();
    if (reply.status === 200) return;
    if (Date.now() > deadline) throw new Error("OpenBao was unsealed but did not become active within 60 s");
    await pause(100);
  }
}

/** Mount, policies, AppRoles and the databases' secrets; what exists already keeps its value. */
export async function setUpVault(address: string, secrets: LabSecrets): Promise<void> {
  const call = vaultCaller(address, secrets.get(vaultKeys.rootToken));
  await mount(call);
  for (const [name, policy] of Object.entries(policies)) {
    await call("PUT", `sys/policies/acl/${name}`, { body: { policy } });
  }
  const connect = await appRole(
    call,
    secrets,
    "headgate-connect",
    ["headgate-connectors"],
    secretIdFiles.connect,
  );
  secrets.set(vaultKeys.connectRoleId, connect);
  const headgate = await appRole(
    call,
    secrets,
    "headgate",
    ["headgate", "headgate-changes"],
    secretIdFiles.headgate,
  );
  secrets.set(vaultKeys.headgateRoleId, headgate);
  await connectorToken(call, secrets);
  for (const { name, kind } of databases) {
    const roles = rolesOf(name);
    await secretOnce(call, `connectors/${name}`, roles.connector, secrets);
    await secretOnce(call, `headgate/${name}`, roles.readOnly, secrets);
    if (kind === "target") await secretOnce(call, `changes/${name}`, roles.change, secrets);
  }
}

async function mount(call: VaultCall): Promise<void> {
  const mounts = Mounts.parse(await call("GET", "sys/mounts"));
  if (!("secret/" in mounts.data)) {
    await call("POST", "sys/mounts/secret", { body: { type: "kv", options: { version: "2" } } });
    // A new version 2 mount upgrades itself for a moment and refuses writes meanwhile.
    await patiently(() => call("GET", "secret/config"));
  }
  const methods = Mounts.parse(await call("GET", "sys/auth"));
  if (!("approle/" in methods.data)) await call("POST", "sys/auth/approle", { body: { type: "approle" } });
}

async function appRole(
  call: VaultCall,
  secrets: LabSecrets,
  role: string,
  policyNames: string[],
  secretIdFile: string,
) {
  await call("POST", `auth/approle/role/${role}`, {
    body: {
      token_policies: policyNames,
      token_ttl: "1h",
      token_max_ttl: "24h",
      secret_id_ttl: "0",
      secret_id_num_uses: 0,
    },
  });
  if (!secrets.find(secretIdFile)) {
    const made = SecretId.parse(await call("POST", `auth/approle/role/${role}/secret-id`, { body: {} }));
    secrets.set(secretIdFile, made.data.secret_id);
  }
  secrets.asFile(secretIdFile);
  return RoleId.parse(await call("GET", `auth/approle/role/${role}/role-id`)).data.role_id;
}

/** Headgate asks with this token's accessor what connectors may read; the token itself stays in the lab. */
async function connectorToken(call: VaultCall, secrets: LabSecrets): Promise<void> {
  const token = secrets.find(vaultKeys.connectorToken);
  if (token) {
    const renewed = await call("POST", "auth/token/renew", { body: { token }, accept: [400, 403, 404] });
    if (Token.safeParse(renewed).success) return;
  }
  const made = Token.parse(
    await call("POST", "auth/token/create-orphan", {
      body: {
        policies: ["headgate-connectors"],
        no_default_policy: true,
        period: "768h",
        display_name: "connectors",
      },
    }),
  );
  secrets.set(vaultKeys.connectorToken, made.auth.client_token);
  secrets.set(vaultKeys.connectorAccessor, made.auth.accessor);
}

/** `cas: 0` writes a first version only: a rotated secret survives the next start. */
async function secretOnce(call: VaultCall, path: string, role: string, secrets: LabSecrets): Promise<void> {
  await call("POST", `secret/data/${path}`, {
    body: { data: { username: role, password: secrets.get(`role:${role}`) }, options: { cas: 0 } },
    accept: [400],
  });
}

type VaultCall = (
  method: "GET" | "POST" | "PUT",
  path: string,
  options?: { body?: unknown; accept?: readonly number[] },
) => Promise<unknown>;

function vaultCaller(address: string, token?: string): VaultCall {
  return async (method, path, { body, accept = [] } = {}) => {
    const reply = await fetch(`${address}/v1/${path}`, {
      method,
      signal: AbortSignal.timeout(20_000),
      headers: { "content-type": "application/json", ...(token ? { "x-vault-token": token } : {}) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await reply.json().catch(() => undefined);
    if (reply.ok || accept.includes(reply.status)) return answer;
    throw new Error(`OpenBao refused ${method} ${path} with ${reply.status}`);
  };
}

async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(100);
    }
  }
}
