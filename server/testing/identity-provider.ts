import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importJWK, type JWTPayload, SignJWT } from "jose";

interface Account {
  username: string;
  name: string;
  email: string;
  groups: string[];
}

const KEY_ID = "test";

/** A provider of a test's own, the same program as the lab's: it may be stopped, and its accounts may change. */
export async function startIdentityProvider(headgateUrl: string) {
  const dir = mkdtempSync(join(tmpdir(), "headgate-oidc-"));
  const file = (name: string, text: string) => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const key = { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: KEY_ID };
  const clientSecretFile = file("client-secret", randomBytes(24).toString("base64url"));
  const accounts: Account[] = [];
  const save = () => file("accounts.json", JSON.stringify(accounts));
  const settingsFile = file(
    "settings.json",
    JSON.stringify({
      port,
      issuer,
      clientId: "headgate",
      clientSecretFile,
      cookieSecretFile: file("cookie-secret", randomBytes(24).toString("base64url")),
      keysFile: file("keys.json", JSON.stringify({ keys: [key] })),
      dataFile: join(dir, "data.json"),
      accountsFile: save(),
      headgateUrl,
    }),
  );
  let child: ChildProcess | undefined;

  const provider = {
    issuer,
    clientId: "headgate",
    clientSecretFile,
    clientSecret: readFileSync(clientSecretFile, "utf8"),
    addAccount(username: string, groups: string[]): void {
      accounts.push({ username, name: `Name of ${username}`, email: `${username}@example.com`, groups });
      save();
    },
    setGroups(username: string, groups: string[]): void {
      for (const account of accounts) if (account.username === username) account.groups = groups;
      save();
    },
    removeAccount(username: string): void {
      accounts.splice(0, accounts.length, ...accounts.filter((account) => account.username !== username));
      save();
    },
    /** Signs with the provider's own key, whatever the claims say. */
    async sign(claims: JWTPayload, header: { typ?: string } = {}): Promise<string> {
      return new SignJWT(claims)
        .setProtectedHeader({ alg: "RS256", kid: KEY_ID, typ: "logout+jwt", ...header })
        .sign(await importJWK(key, "RS256"));
    },
    async start(): Promise<void> {
      child = spawn(process.execPath, ["--no-warnings", "lab/oidc/server.ts", settingsFile], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const started = child;
      await new Promise<void>((resolve, reject) => {
        started.stdout?.once("data", () => resolve());
        started.once("exit", (code) => reject(new Error(`the identity provider ended with code ${code}`)));
      });
    },
    /** The outage: nothing listens any more. Its sessions and tokens are kept for the next start. */
    async stop(): Promise<void> {
      const running = child;
      child = undefined;
      if (!running || running.exitCode !== null) return;
      const ended = new Promise((resolve) => running.once("exit", resolve));
      running.kill("SIGTERM");
      await ended;
    },
    async remove(): Promise<void> {
      await provider.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  await provider.start();
  return provider;
}
export type TestIdentityProvider = Awaited<ReturnType<typeof startIdentityProvider>>;

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no free port was given");
  return address.port;
}
