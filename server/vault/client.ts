import nodeVault from "node-vault";
import { z } from "zod";
import type { CredentialReference, SecretLocation } from "#domain/credentials/reference.ts";
import type { MayRead, SecretLook } from "#domain/credentials/reference-check.ts";
import { VaultFailure, vaultFailure } from "./failures.ts";
import {
  CapabilitiesReply,
  HealthReply,
  MetadataReply,
  MountReply,
  SecretReply,
  SubkeysReply,
} from "./replies.ts";
import { createSession, type VaultLogin } from "./session.ts";
import { createTransport } from "./transport.ts";

export interface VaultClientOptions extends VaultLogin {
  /** Shown in messages: the cluster's name. */
  cluster: string;
  address: string;
  namespace?: string | undefined;
  caFile?: string | undefined;
  /** Accessor of a token with the connectors' policy; never the token. */
  connectorAccessor?: string | undefined;
  timeoutMs: number;
}

export interface VaultHealth {
  state: "active" | "standby" | "sealed" | "uninitialised";
  version: string;
}

export type VaultClient = ReturnType<typeof createVaultClient>;

/** Speaks the API of Vault and OpenBao, KV version 2; knows no rule of ours. */
export function createVaultClient(options: VaultClientOptions) {
  const { cluster, timeoutMs } = options;
  const transport = createTransport({ caFile: options.caFile, timeoutMs });

  /** node-vault takes VAULT_* of the environment for whatever is not given, and prints bodies when DEBUG is set. */
  function speak(namespace: string) {
    const client = nodeVault({
      endpoint: options.address,
      apiVersion: "v1",
      debug: () => undefined,
      "request-promise": { defaults: () => transport },
    });
    return Object.assign(client, { token: "", namespace, pathPrefix: "" });
  }

  /** Only the root namespace answers for the server's health. */
  const server = speak("");
  const vault = speak(options.namespace ?? "");
  const session = createSession(
    cluster,
    options,
    (path, body) => ask(path, () => vault.write(path, body)),
    Date.now,
  );

  async function ask(path: string, send: () => Promise<unknown>): Promise<unknown> {
    try {
      return await send();
    } catch (error) {
      throw vaultFailure(cluster, path, error, timeoutMs);
    }
  }

  /** A token can end early (revoked, its role changed): if Vault no longer knows it, log in again and ask once more. */
  async function authorised(path: string, body?: unknown): Promise<unknown> {
    const held = await session.get();
    try {
      return await askWith(held.token, path, body);
    } catch (error) {
      if (!(error instanceof VaultFailure) || error.kind !== "denied") throw error;
      if (await knowsToken(held.token)) throw error;
      await session.forget(held);
      return askWith((await session.get()).token, path, body);
    }
  }

  function askWith(token: string, path: string, body: unknown): Promise<unknown> {
    const signed = { headers: { "X-Vault-Token": token } };
    return ask(path, () => (body === undefined ? vault.read(path, signed) : vault.write(path, body, signed)));
  }

  async function knowsToken(token: string): Promise<boolean> {
    try {
      await askWith(token, "auth/token/lookup-self", undefined);
      return true;
    } catch (error) {
      if (error instanceof VaultFailure && error.kind === "denied") return false;
      throw error;
    }
  }

  function parse<T>(schema: z.ZodType<T>, path: string, reply: unknown): T {
    const parsed = schema.safeParse(reply);
    if (parsed.success) return parsed.data;
    // Not the zod error: it could quote a part of the reply.
    throw new VaultFailure(
      "contract_broken",
      `Vault of ${cluster} answered ${path} with something unexpected`,
    );
  }

  async function read<T>(schema: z.ZodType<T>, path: string): Promise<T> {
    return parse(schema, path, await authorised(path));
  }

  async function look(location: SecretLocation): Promise<SecretLook> {
    const path = `${location.mount}/subkeys/${location.path}`;
    const query = location.version === undefined ? "" : `?version=${location.version}`;
    try {
      const { data } = await read(SubkeysReply, `${path}${query}`);
      const { metadata } = data;
      if (!data.subkeys || !metadata.created_time)
        throw new VaultFailure("contract_broken", `Vault of ${cluster} answered ${path} without keys`);
      return {
        state: "present",
        version: metadata.version,
        newestVersion:
          location.version === undefined ? metadata.version : await newestVersion(location, metadata.version),
        createdAt: metadata.created_time,
        expiresAt: metadata.deletion_time,
        // A map is no value that a connector could use.
        keys: Object.entries(data.subkeys).flatMap(([key, leaf]) => (leaf === null ? [key] : [])),
      };
    } catch (error) {
      if (!(error instanceof VaultFailure)) throw error;
      if (error.kind === "denied") return { state: "denied", path };
      if (error.kind === "not_found") return absence(location, error.body);
      throw error;
    }
  }

  async function absence(location: SecretLocation, body: unknown): Promise<SecretLook> {
    const gone = SubkeysReply.safeParse(body);
    if (gone.success) {
      const { version, destroyed, deletion_time } = gone.data.data.metadata;
      return destroyed
        ? { state: "destroyed", version }
        : { state: "deleted", version, deletedAt: deletion_time };
    }
    if (!(await isVersionedMount(location.mount))) return { state: "no_mount" };
    if (location.version === undefined) return { state: "missing" };
    const newest = await newestVersion(location, 0);
    return newest === 0 ? { state: "missing" } : { state: "version_missing", newestVersion: newest };
  }

  /** Needs the right to see metadata; without it what is known already stands. */
  async function newestVersion(location: SecretLocation, otherwise: number): Promise<number> {
    try {
      return (await read(MetadataReply, `${location.mount}/metadata/${location.path}`)).data.current_version;
    } catch (error) {
      if (error instanceof VaultFailure && (error.kind === "denied" || error.kind === "not_found"))
        return otherwise;
      throw error;
    }
  }

  /** This address promises no compatibility, so only a clear no counts. */
  async function isVersionedMount(mount: string): Promise<boolean> {
    try {
      const reply = MountReply.safeParse(await authorised(`sys/internal/ui/mounts/${mount}`));
      return !reply.success || (reply.data.data.type === "kv" && reply.data.data.options?.version === "2");
    } catch (error) {
      if (error instanceof VaultFailure && error.kind === "denied") return false;
      if (error instanceof VaultFailure && error.kind === "not_found") return true;
      throw error;
    }
  }

  /** `unknown` where Vault does not let Headgate ask. */
  async function mayRead(path: string, address: string, body: Record<string, unknown>): Promise<MayRead> {
    let reply: unknown;
    try {
      reply = await authorised(address, { ...body, paths: [path] });
    } catch (error) {
      const kind = error instanceof VaultFailure ? error.kind : undefined;
      if (kind === "denied" || kind === "rejected" || kind === "not_found") return "unknown";
      throw error;
    }
    const granted = z.array(z.string()).safeParse(parse(CapabilitiesReply, address, reply).data[path]);
    if (!granted.success) return "unknown";
    return granted.data.some((capability) => capability === "read" || capability === "root") ? "yes" : "no";
  }

  return {
    async health(): Promise<VaultHealth> {
      const reply = await ask("sys/health", () => server.read("sys/health"));
      const { initialized, sealed, standby, version } = parse(HealthReply, "sys/health", reply);
      if (!initialized) return { state: "uninitialised", version };
      if (sealed) return { state: "sealed", version };
      return { state: standby ? "standby" : "active", version };
    },

    /** Key names, version and times of a secret, through subkeys and metadata: no value is read. */
    look,

    /** Whether Headgate itself may read the value; the value is not read. */
    headgateMayRead: ({ mount, path }: SecretLocation) =>
      mayRead(`${mount}/data/${path}`, "sys/capabilities-self", {}),

    /** Whether the connectors may read the value; unknown without their accessor. */
    async connectorMayRead({ mount, path }: SecretLocation): Promise<MayRead> {
      const accessor = options.connectorAccessor;
      if (!accessor) return "unknown";
      return mayRead(`${mount}/data/${path}`, "sys/capabilities-accessor", { accessor });
    },

    /**
     * Values of Headgate's own read-only credentials, in the order asked. One read per secret, so that a user name and
     * a password of one secret are of one version. Callers hold them in memory only and pass them to nothing but a
     * connection.
     */
    async readOwn(references: readonly CredentialReference[]): Promise<string[]> {
      const secrets = new Map<string, Promise<Record<string, unknown>>>();
      const values = references.map(async (reference) => {
        const query = reference.version === undefined ? "" : `?version=${reference.version}`;
        const path = `${reference.mount}/data/${reference.path}${query}`;
        const reading = secrets.get(path) ?? read(SecretReply, path).then((reply) => reply.data.data);
        secrets.set(path, reading);
        const value = (await reading)[reference.key];
        if (typeof value === "string" && value !== "") return value;
        if (typeof value === "number") return String(value);
        throw new VaultFailure(
          "not_found",
          `The secret ${reference.mount}/${reference.path} has no usable key ${reference.key}`,
        );
      });
      return Promise.all(values);
    },
  };
}
