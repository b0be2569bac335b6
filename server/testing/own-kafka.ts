import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pRetry from "p-retry";
import { fetchFromMaven } from "#lab/downloads.ts";
import { kafkaEngine } from "#lab/engines/kafka.ts";
import { derivePorts } from "#lab/ports.ts";
import { freePort } from "./free-port.ts";

/** A Kafka of the test's own, with its data: for outages that the shared one must not see. */
export async function startOwnKafka() {
  const repoDir = resolve(import.meta.dirname, "../..");
  const folders = await fetchFromMaven({
    repoDir,
    enginesDir: join(repoDir, ".headgate/engines"),
    report: () => undefined,
  });
  const dir = await mkdtemp(join(tmpdir(), "headgate-own-kafka-"));
  const ports = derivePorts(10_000, { kafka: await freePort(), "kafka-controller": await freePort() });
  const engine = kafkaEngine({
    dir,
    ports,
    listenHost: "127.0.0.1",
    folderOf: (download) => folders[download],
    logFile: (name) => join(dir, `${name}.log`),
  });
  await engine.prepare?.();
  let child: ChildProcess;

  const start = async () => {
    const { file, args } = engine.command();
    child = spawn(file, args, { stdio: "ignore" });
    await pRetry(
      async () => {
        if (!(await engine.isReady())) throw new Error("The test's own Kafka does not answer");
      },
      { retries: 300, minTimeout: 200, factor: 1 },
    );
  };
  const kill = async () => {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };

  await start();
  return {
    brokers: [`127.0.0.1:${ports.kafka}`],
    /** As a machine that loses its power. */
    kill,
    /** After `kill`: the same broker with the same data. */
    start,
    async stop() {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
