import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fetchOpenbao } from "#lab/downloads.ts";
import { freePort } from "./free-port.ts";

export interface OwnVault {
  address: string;
  rootToken: string;
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** It answers from now on that it is sealed. */
  seal(): Promise<void>;
  stop(): Promise<void>;
}

/** An OpenBao of the test's own, in memory: for sealing and stopping, which the shared one must not see. */
export async function startOwnVault(): Promise<OwnVault> {
  const repoDir = resolve(import.meta.dirname, "../..");
  const binary = await fetchOpenbao({
    repoDir,
    enginesDir: join(repoDir, ".headgate/engines"),
    report: () => undefined,
    signal: undefined,
  });
  const home = await mkdtemp(join(tmpdir(), "headgate-own-vault-"));
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const rootToken = `root-${crypto.randomUUID()}`;
  const child = spawn(
    binary,
    [
      "server",
      "-dev",
      `-dev-root-token-id=${rootToken}`,
      `-dev-listen-address=127.0.0.1:${port}`,
      "-dev-no-store-token",
    ],
    { stdio: "ignore", env: { ...process.env, HOME: home } },
  );
  const ended = new Promise<void>((done) => child.once("exit", () => done()));

  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const reply = await fetch(`${address}/v1/${path}`, {
      method,
      headers: { "x-vault-token": rootToken },
      signal: AbortSignal.timeout(5_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`The test's own Vault refused ${method} ${path} with ${reply.status}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  const deadline = Date.now() + 60_000;
  while (
    !(await call("GET", "sys/health").then(
      () => true,
      () => false,
    ))
  ) {
    if (Date.now() > deadline) throw new Error("The test's own Vault did not start within 60 s");
    await pause(50);
  }
  return {
    address,
    rootToken,
    call,
    seal: async () => {
      await call("PUT", "sys/seal");
    },
    async stop() {
      child.kill("SIGKILL");
      await ended;
      await rm(home, { recursive: true, force: true });
    },
  };
}
