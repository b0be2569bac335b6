import { copyFile, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { secretIdFiles, vaultKeys } from "../vault-set-up.ts";
import type { Engine, LabContext } from "./engine.ts";
import { javaCommand, renderProperties, writeLogging } from "./java.ts";
import { answers } from "./probe.ts";

/** Client settings that a connector may override; Headgate's configuration repeats the list. */
export const allowedOverrides = ["max.poll.records", "max.poll.interval.ms"] as const;

/** No connector may load a login module or a config provider of its own (CVE-2023-25194, CVE-2024-31141). */
export const closedDoors = {
  "org.apache.kafka.allowed.login.modules": "none",
  "org.apache.kafka.automatic.config.providers": "none",
} as const;

const linkedPlugins = ["debezium-postgres", "debezium-mariadb", "debezium-jdbc", "avro-converter"] as const;

export function connectEngine(ctx: LabContext): Engine {
  const folder = join(ctx.dir, "connect");
  const plugins = join(folder, "plugins");
  const properties = join(folder, "worker.properties");

  return {
    name: "connect",
    // Its tasks go on at once, and would fail without their databases, schemas or secrets.
    after: ["kafka", "openbao", "registry", "postgres-source", "postgres-target", "mariadb"],
    ports: ["connect"],
    stopSignal: "SIGTERM",
    stopPatienceMs: 12_000,

    async prepare() {
      await rm(plugins, { recursive: true, force: true });
      await mkdir(plugins, { recursive: true });
      for (const name of linkedPlugins) await symlink(ctx.folderOf(name), join(plugins, name));
      // A copy: rebuilding the plugin must not pull the jar from under a running worker.
      await mkdir(join(plugins, "headgate"));
      await copyFile(ctx.connectPlugin, join(plugins, "headgate/headgate-connect.jar"));
      await writeLogging(folder);
      await writeFile(properties, renderProperties(workerProperties(ctx, plugins)), { mode: 0o600 });
    },
    command: () =>
      javaCommand({
        heap: "1g",
        program: ["-cp", join(ctx.folderOf("kafka"), "*"), "org.apache.kafka.connect.cli.ConnectDistributed"],
        systemProperties: {
          "log4j2.configurationFile": `file:${join(folder, "log4j2.properties")}`,
          ...closedDoors,
        },
        args: [properties],
      }),
    isReady: () => answers(`http://127.0.0.1:${ctx.ports.connect}/health`),
  };
}

export function workerProperties(
  ctx: Pick<LabContext, "ports" | "secrets" | "listenHost">,
  plugins: string,
): Record<string, string | number | boolean> {
  return {
    "bootstrap.servers": `127.0.0.1:${ctx.ports.kafka}`,
    "group.id": "headgate-lab",
    listeners: `http://${ctx.listenHost}:${ctx.ports.connect}`,
    "rest.advertised.host.name": "127.0.0.1",
    "rest.advertised.port": ctx.ports.connect,
    "config.storage.topic": "connect-configs",
    "config.storage.replication.factor": 1,
    "offset.storage.topic": "connect-offsets",
    "offset.storage.replication.factor": 1,
    "offset.storage.partitions": 5,
    "status.storage.topic": "connect-status",
    "status.storage.replication.factor": 1,
    "status.storage.partitions": 3,
    "offset.flush.interval.ms": 1_000,
    "scheduled.rebalance.max.delay.ms": 0,
    "topic.creation.enable": true,
    "consumer.max.poll.records": 3_000,
    "connector.client.config.override.policy": "Allowlist",
    "connector.client.config.override.allowlist": allowedOverrides.join(","),
    "plugin.path": plugins,
    "plugin.discovery": "service_load",
    ...avroConverter("key.converter", ctx.ports.registry),
    ...avroConverter("value.converter", ctx.ports.registry),
    ...vaultProvider(ctx),
  };
}

/** Confluent's framing, so that anything that speaks to a Confluent-compatible registry can read the topics. */
function avroConverter(role: "key.converter" | "value.converter", registryPort: number) {
  return {
    [role]: "io.apicurio.registry.utils.converter.AvroConverter",
    [`${role}.apicurio.registry.url`]: `http://127.0.0.1:${registryPort}/apis/registry/v2`,
    [`${role}.apicurio.registry.auto-register`]: true,
    [`${role}.apicurio.registry.find-latest`]: true,
    [`${role}.apicurio.registry.as-confluent`]: true,
    [`${role}.apicurio.registry.use-id`]: "contentId",
    [`${role}.apicurio.registry.headers.enabled`]: false,
  };
}

function vaultProvider({ ports, secrets }: Pick<LabContext, "ports" | "secrets">) {
  const parameter = "config.providers.vault.param";
  return {
    "config.providers": "vault",
    "config.providers.vault.class": "io.headgate.connect.VaultConfigProvider",
    [`${parameter}.address`]: `http://127.0.0.1:${ports.vault}`,
    [`${parameter}.auth`]: "approle",
    [`${parameter}.role.id`]: secrets.get(vaultKeys.connectRoleId),
    [`${parameter}.secret.id.file`]: secrets.asFile(secretIdFiles.connect),
    [`${parameter}.allowed.prefixes`]: "secret/connectors",
  };
}
