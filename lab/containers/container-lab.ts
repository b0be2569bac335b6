import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeEndpoints, type Endpoints, endpointsFile } from "../endpoints.ts";
import { workerProperties } from "../engines/connect.ts";
import type { LabContext } from "../engines/engine.ts";
import { renderProperties } from "../engines/java.ts";
import { serverProperties } from "../engines/kafka.ts";
import { prepareOidc } from "../engines/oidc.ts";
import { prepareOpenbao } from "../engines/openbao.ts";
import { adminUrlOf, type PostgresServer } from "../engines/postgres.ts";
import { headgateEnv, writeHeadgateConfig } from "../headgate-config.ts";
import { mergeOptions, repoDir } from "../lab-options.ts";
import { openSecrets, writePrivate } from "../lab-secrets.ts";
import { setUpServer, setUpState } from "../sources/seed.ts";
import { setUpVault, unsealVault } from "../vault-set-up.ts";

export type ContainerLab = Pick<
  LabContext,
  "dir" | "repoDir" | "ports" | "listenHost" | "rows" | "headgateUrl" | "secrets"
> & { portBase: number };

/** Where the images keep what the engines of the lab find in its folder. */
export const inImages = { kafkaData: "/var/lib/kafka/data", connectPlugins: "/opt/connect-plugins" } as const;

const postgresServers = ["postgres-state", "postgres-source", "postgres-target"] as const;

/** The lab as the containers see it: the same ports, bound wide, since only the published ones can be reached from outside. */
export function openContainerLab(dir: string): ContainerLab {
  const { save, ports, headgateUrl } = mergeOptions({}, undefined);
  return {
    dir,
    repoDir,
    ports,
    portBase: save.portBase,
    listenHost: "0.0.0.0",
    rows: save.rows,
    headgateUrl,
    secrets: openSecrets(dir),
  };
}

/** What the engines need before they start: secrets made on the spot, settings, empty folders. */
export async function prepareEngines(lab: ContainerLab): Promise<void> {
  for (const server of postgresServers) lab.secrets.asFile(passwordOf(server));
  for (const folder of ["kafka", "connect", "registry", "headgate"])
    await mkdir(join(lab.dir, folder), { recursive: true });
  await writeFile(
    join(lab.dir, "kafka/server.properties"),
    renderProperties(serverProperties(lab, inImages.kafkaData)),
  );
  await prepareOpenbao(lab);
  await prepareOidc(lab);
}

/** What their clients need: an open Vault with its secrets, roles, databases and rows, and where everything is. */
export async function setUpEngines(lab: ContainerLab): Promise<Endpoints> {
  const vault = `http://127.0.0.1:${lab.ports.vault}`;
  await unsealVault(vault, lab.secrets);
  await setUpVault(vault, lab.secrets);
  await setUpState(lab, (database) => adminUrlOf(lab, "postgres-state", database));
  for (const server of ["postgres-source", "postgres-target"] as const)
    await setUpServer(lab, server, (database) => adminUrlOf(lab, server, database));
  writePrivate(
    join(lab.dir, "connect/worker.properties"),
    renderProperties(workerProperties(lab, inImages.connectPlugins)),
  );
  const endpoints = await writeEndpoints(lab);
  writePrivate(join(lab.dir, "headgate.env"), renderEnv(headgateEnv(endpoints)));
  return endpoints;
}

/** `headgate.yaml`, then `endpoints.json`: last, for whoever waits for the file. */
export async function writeEndpoints(lab: ContainerLab): Promise<Endpoints> {
  const described = describeEndpoints(lab, lab.portBase);
  const endpoints = { ...described, connect: { ...described.connect, pluginPath: inImages.connectPlugins } };
  await writeHeadgateConfig(endpoints);
  writePrivate(endpointsFile(lab.dir), `${JSON.stringify(endpoints, undefined, 2)}\n`);
  return endpoints;
}

/** For `node --env-file`; quotes keep a `#` from beginning a comment. */
export function renderEnv(env: Record<string, string>): string {
  return Object.entries(env)
    .map(([key, value]) => `${key}='${value}'\n`)
    .join("");
}

const passwordOf = (server: PostgresServer) => `${server}:postgres`;
