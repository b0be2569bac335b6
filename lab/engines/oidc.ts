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
  return {
    name: "oidc",
    after: [],
    ports: ["oidc"],
    stopSignal: "SIGTERM",
    stopPatienceMs: 5_000,

    prepare: () => prepareOidc(ctx),
    command: () => ({
      file: process.execPath,
      args: [join(ctx.repoDir, "lab/oidc/server.ts"), settingsFileOf(ctx)],
      env: { NODE_NO_WARNINGS: "1" },
    }),
    isReady: () => answers(`${issuerOf(ctx)}/.well-known/openid-configuration`),
  };
}

/** The provider's settings, accounts and keys. */
export async function prepareOidc(
  ctx: Pick<LabContext, "dir" | "ports" | "listenHost" | "secrets" | "headgateUrl">,
): Promise<void> {
  const folder = join(ctx.dir, "oidc");
  await mkdir(folder, { recursive: true });
  const keysFile = join(ctx.secrets.folder, "oidc-keys.json");
  if (!existsSync(keysFile)) writePrivate(keysFile, JSON.stringify(signingKeys()));
  const accountsFile = join(folder, "accounts.json");
  await writeFile(accountsFile, `${JSON.stringify(demoAccounts, undefined, 2)}\n`);
  const settings: Settings = {
    host: ctx.listenHost,
    port: ctx.ports.oidc,
    issuer: issuerOf(ctx),
    clientId: oidcClientId,
    clientSecretFile: ctx.secrets.asFile("oidc-client-secret"),
    cookieSecretFile: ctx.secrets.asFile("oidc-cookie-secret"),
    keysFile,
    dataFile: join(ctx.secrets.folder, "oidc-sessions.json"),
    accountsFile,
    headgateUrl: ctx.headgateUrl,
  };
  await writeFile(settingsFileOf(ctx), `${JSON.stringify(settings, undefined, 2)}\n`);
}

const issuerOf = ({ ports }: Pick<LabContext, "ports">) => `http://127.0.0.1:${ports.oidc}`;
const settingsFileOf = ({ dir }: Pick<LabContext, "dir">) => join(dir, "oidc/settings.json");

function signingKeys() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  return { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "lab" }] };
}
