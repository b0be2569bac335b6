import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { runCommand } from "../run-command.ts";
import type { Engine, LabContext } from "./engine.ts";
import { javaCommand, renderProperties, writeLogging } from "./java.ts";

export function kafkaEngine(
  ctx: Pick<LabContext, "dir" | "ports" | "listenHost" | "folderOf" | "logFile">,
): Engine {
  const folder = join(ctx.dir, "kafka");
  const data = join(folder, "data");
  const properties = join(folder, "server.properties");
  const broker = `127.0.0.1:${ctx.ports.kafka}`;
  const java = (heap: string, main: string, args: string[]) =>
    javaCommand({
      heap,
      args,
      program: ["-cp", join(ctx.folderOf("kafka"), "*"), main],
      systemProperties: { "log4j2.configurationFile": `file:${join(folder, "log4j2.properties")}` },
    });

  return {
    name: "kafka",
    after: [],
    ports: ["kafka", "kafka-controller"],
    stopSignal: "SIGTERM",
    stopPatienceMs: 10_000,

    async prepare() {
      await mkdir(data, { recursive: true });
      await writeLogging(folder);
      await writeFile(properties, renderProperties(serverProperties(ctx, data)));
      if (existsSync(join(data, "meta.properties"))) return;
      await runCommand(
        java("128m", "kafka.tools.StorageTool", ["format", "-t", clusterId(), "-c", properties]),
        {
          what: "Formatting Kafka's storage",
          logFile: ctx.logFile("kafka"),
          timeoutMs: 120_000,
        },
      );
    },
    command: () => java("512m", "kafka.Kafka", [properties]),
    async isReady() {
      const kafka = new Kafka({
        brokers: [broker],
        logLevel: logLevel.NOTHING,
        connectionTimeout: 2_000,
        requestTimeout: 2_000,
        retry: { retries: 0 },
      });
      const admin = kafka.admin();
      try {
        await admin.connect();
        const { brokers } = await admin.describeCluster();
        return brokers.length > 0;
      } finally {
        await admin.disconnect();
      }
    },
  };
}

/** Kafka's ids are 16 random bytes in base64url; one that starts with a dash would read as an option. */
function clusterId(): string {
  const id = randomBytes(16).toString("base64url");
  return id.startsWith("-") ? clusterId() : id;
}

export function serverProperties(
  { ports, listenHost }: Pick<LabContext, "ports" | "listenHost">,
  data: string,
) {
  const controller = `127.0.0.1:${ports["kafka-controller"]}`;
  const broker = `127.0.0.1:${ports.kafka}`;
  return {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@${controller}`,
    listeners: `PLAINTEXT://${listenHost}:${ports.kafka},CONTROLLER://${controller}`,
    "advertised.listeners": `PLAINTEXT://${broker}`,
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "log.dirs": data,
    "auto.create.topics.enable": false,
    "num.network.threads": 2,
    "num.io.threads": 4,
    "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
    "offsets.topic.num.partitions": 8,
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.num.partitions": 4,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.num.partitions": 4,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "group.initial.rebalance.delay.ms": 0,
  };
}
