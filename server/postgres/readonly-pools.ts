import pg from "pg";
import type { DatabaseAddress } from "#domain/databases/schema.ts";
import { type Credential, connectionConfig, GuardedClient } from "./connection.ts";
import { connectFailure, isLoginRefusal, queryFailure } from "./failures.ts";

/** Reads Headgate's own credential for this database from Vault. */
export type ReadCredential = () => Promise<Credential>;

export type ReadonlyPools = ReturnType<typeof createReadonlyPools>;

interface Entry {
  pool: pg.Pool;
  credential: Credential;
  lastUsed: number;
}

const IDLE_CONNECTION_MS = 30_000;
/** After this long without use the pool goes, and the credential with it. */
const IDLE_POOL_MS = 5 * 60_000;
const SWEEP_MS = 60_000;

/**
 * Read-only connections, one small pool per database. A credential lives in memory as long as its pool and nowhere else;
 * it is read anew when the database no longer accepts it.
 */
export function createReadonlyPools() {
  const entries = new Map<string, Promise<Entry>>();
  let sweeper: NodeJS.Timeout | undefined;

  function open(key: string, address: DatabaseAddress, readCredential: ReadCredential): Promise<Entry> {
    const known = entries.get(key);
    if (known) return known;
    const opening = readCredential().then((credential) => {
      const pool = new pg.Pool({
        ...connectionConfig(address, credential),
        Client: GuardedClient,
        max: 4,
        idleTimeoutMillis: IDLE_CONNECTION_MS,
        allowExitOnIdle: true,
      });
      // A connection cut while nobody uses it is replaced at the next use.
      pool.on("error", () => undefined);
      return { pool, credential, lastUsed: Date.now() };
    });
    entries.set(key, opening);
    opening.catch(() => forget(key, opening));
    sweeper ??= setInterval(sweep, SWEEP_MS).unref();
    return opening;
  }

  function forget(key: string, opening: Promise<Entry>): void {
    if (entries.get(key) !== opening) return;
    entries.delete(key);
    void opening.then(({ pool }) => pool.end()).catch(() => undefined);
  }

  async function sweep(): Promise<void> {
    for (const [key, opening] of entries) {
      const entry = await opening.catch(() => undefined);
      if (entry && Date.now() - entry.lastUsed > IDLE_POOL_MS) forget(key, opening);
    }
  }

  async function connect(key: string, address: DatabaseAddress, readCredential: ReadCredential) {
    const opening = open(key, address, readCredential);
    const entry = await opening;
    try {
      return { entry, client: await entry.pool.connect() };
    } catch (error) {
      if (!isLoginRefusal(error)) throw connectFailure(error, address, secretsOf(entry));
      forget(key, opening);
      const renewed = await readCredential();
      // The same credential again would only count as one more wrong password.
      if (isSame(renewed, entry.credential)) throw connectFailure(error, address, secretsOf(entry));
      const second = await open(key, address, async () => renewed);
      const client = await second.pool.connect().catch((again: unknown) => {
        throw connectFailure(again, address, secretsOf(second));
      });
      return { entry: second, client };
    }
  }

  return {
    /** Runs `use` on one connection of the pool; `key` changes whenever address or references do. */
    async withConnection<T>(
      key: string,
      address: DatabaseAddress,
      readCredential: ReadCredential,
      use: (client: pg.ClientBase) => Promise<T>,
    ): Promise<T> {
      const { entry, client } = await connect(key, address, readCredential);
      entry.lastUsed = Date.now();
      let broken = true;
      try {
        const result = await use(client);
        broken = false;
        return result;
      } catch (error) {
        throw queryFailure(error, address, secretsOf(entry));
      } finally {
        entry.lastUsed = Date.now();
        // A failed use may have left a transaction or settings behind.
        client.release(broken);
      }
    },

    async closeAll(): Promise<void> {
      clearInterval(sweeper);
      sweeper = undefined;
      const open = [...entries.values()];
      entries.clear();
      await Promise.allSettled(open.map(async (opening) => (await opening).pool.end()));
    },
  };
}

/** One connection of its own, closed at the end: for trying an address before anything depends on it. */
export async function withSingleConnection<T>(
  address: DatabaseAddress,
  credential: Credential,
  use: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  const secrets = [credential.password, credential.user];
  const client = new GuardedClient(connectionConfig(address, credential));
  client.on("error", () => undefined);
  try {
    await client.connect().catch((error: unknown) => {
      throw connectFailure(error, address, secrets);
    });
    return await use(client).catch((error: unknown) => {
      throw queryFailure(error, address, secrets);
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

function secretsOf({ credential }: Entry): string[] {
  return [credential.password, credential.user];
}

function isSame(a: Credential, b: Credential): boolean {
  return a.user === b.user && a.password === b.password;
}
