import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writePrivate } from "../lab-secrets.ts";
import { demoAccounts } from "../oidc/accounts.ts";
import type { Settings } from "../oidc/server.ts";
import type { Engine, LabContext } from "./engine.ts";
import { answers } from "./probe.ts";

export const oidcClientId = "headgate";

export function oidcEngine(ctx: LabContext): Engine {
  const folder = join(ctx.dir, "oidc");
  const settingsFile = join(folder, "settings.json");
  const issuer = `http://127.0.0.1:${ctx.ports.oidc}`;

  return {
    name: "oidc",
    after: [],
    ports: ["oidc"],
    stopSignal: "SIGTERM",
    stopPatienceMs: 5_000,

    async prepare() {
      await mkdir(folder, { recursive: true });
      const keysFile = join(ctx.secrets.folder, "oidc-keys.json");
      if (!existsSync(keysFile)) writePrivate(keysFile, JSON.stringify(signingKeys()));
      const accountsFile = join(folder, "accounts.json");
      await writeFile(accountsFile, `${JSON.stringify(demoAccounts, undefined, 2)}\n`);
      const settings: Settings = {
        port: ctx.ports.oidc,
        issuer,
        clientId: oidcClientId,
        clientSecretFile: ctx.secrets.asFile("oidc-client-secret"),
        cookieSecretFile: ctx.secrets.asFile("oidc-cookie-secret"),
        keysFile,
        dataFile: join(ctx.secrets.folder, "oidc-sessions.json"),
        accountsFile,
        headgateUrl: ctx.headgateUrl,
      };
      await writeFile(settingsFile, `${JSON.stringify(settings, undefined, 2)}\n`);
    },
    command: () => ({
      file: process.execPath,
      args: [join(ctx.repoDir, "lab/oidc/server.ts"), settingsFile],
      env: { NODE_NO_WARNINGS: "1" },
    }),
    isReady: () => answers(`${issuer}/.well-known/openid-configuration`),
  };
}

function signingKeys() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  return { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "lab" }] };
}
