import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { VaultFailure } from "./failures.ts";
import { LoginReply } from "./replies.ts";

export interface VaultLogin {
  roleId?: string | undefined;
  /** File with the AppRole secret id; read at each login, never kept. */
  secretIdFile?: string | undefined;
  /** File with a token, instead of AppRole; read again whenever the token stops working. */
  tokenFile?: string | undefined;
}

interface Session {
  token: string;
  /** When to log in again without being told; undefined for a token that came from a file. */
  renewAt: number | undefined;
}

type Send = (path: string, body: unknown) => Promise<unknown>;

/** Headgate's identity in one Vault: one login at a time, again before the token ends or when Vault no longer knows it. */
export function createSession(cluster: string, login: VaultLogin, send: Send, now: () => number) {
  let current: Promise<Session> | undefined;

  async function open(): Promise<Session> {
    if (login.tokenFile) {
      return { token: await readSecretFile(login.tokenFile, "token"), renewAt: undefined };
    }
    if (!login.roleId || !login.secretIdFile) {
      throw new VaultFailure(
        "login_refused",
        `Vault of ${cluster} needs roleId and secretIdFile, or tokenFile`,
      );
    }
    const secretId = await readSecretFile(login.secretIdFile, "secret id");
    const { auth } = await logIn(login.roleId, secretId);
    // A lease of 0 never ends.
    const renewAt = auth.lease_duration > 0 ? now() + auth.lease_duration * 800 : undefined;
    return { token: auth.client_token, renewAt };
  }

  async function logIn(roleId: string, secretId: string): Promise<z.infer<typeof LoginReply>> {
    const reply = await send("auth/approle/login", { role_id: roleId, secret_id: secretId }).catch(
      (error: unknown) => {
        const kind = error instanceof VaultFailure ? error.kind : undefined;
        if (kind !== "rejected" && kind !== "denied" && kind !== "not_found") throw error;
        // Not the refusal as a cause: it may repeat what was sent.
        throw new VaultFailure(
          "login_refused",
          `Vault of ${cluster} refused Headgate's AppRole login; check roleId and the secret id file`,
        );
      },
    );
    const parsed = LoginReply.safeParse(reply);
    if (parsed.success) return parsed.data;
    throw new VaultFailure(
      "contract_broken",
      `Vault of ${cluster} answered the login with something unexpected`,
    );
  }

  async function readSecretFile(file: string, what: string): Promise<string> {
    const text = await readFile(file, "utf8").catch((cause: unknown) => {
      throw new VaultFailure(
        "login_refused",
        `The file with Headgate's Vault ${what} cannot be read: ${file}`,
        { cause },
      );
    });
    if (text.trim() !== "") return text.trim();
    throw new VaultFailure("login_refused", `The file with Headgate's Vault ${what} is empty: ${file}`);
  }

  function start(): Promise<Session> {
    const opening = open();
    // A failed login is not remembered: the next call tries again.
    opening.catch(() => {
      if (current === opening) current = undefined;
    });
    return opening;
  }

  return {
    async get(): Promise<Session> {
      current ??= start();
      const held = current;
      const session = await held;
      if (session.renewAt === undefined || now() < session.renewAt) return session;
      if (current === held) current = start();
      current ??= start();
      return current;
    },
    /** Vault no longer knows the token; whoever comes next logs in. */
    async forget(session: Session): Promise<void> {
      const held = current;
      const known = await held?.catch(() => undefined);
      if (known === session && current === held) current = undefined;
    },
  };
}
