import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EngineProcess } from "./engine-process.ts";
import type { Engine } from "./engines/engine.ts";
import { answers } from "./engines/probe.ts";
import { findLiving } from "./process-identity.ts";

let folder: string;
let lines: string[];
let tiny_: EngineProcess;
let port: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "lab-engine-"));
  lines = [];
  port = await freePort();
});
afterEach(async () => {
  await tiny_.kill();
  rmSync(folder, { recursive: true });
});

const serving = "require('http').createServer((q, r) => r.end('ok')).listen(PORT, '127.0.0.1')";
const record = () => join(folder, "run/tiny.json");

function tinyEngine(script: string, setUp?: () => Promise<void>): EngineProcess {
  const engine: Engine = {
    name: "tiny",
    after: [],
    ports: [],
    command: () => ({ file: process.execPath, args: ["-e", script.replace("PORT", String(port))] }),
    isReady: () => answers(`http://127.0.0.1:${port}/`),
    ...(setUp ? { setUp } : {}),
    stopSignal: "SIGTERM",
    stopPatienceMs: 2_000,
  };
  tiny_ = new EngineProcess(engine, {
    runDir: join(folder, "run"),
    logFile: join(folder, "tiny.log"),
    report: (line) => lines.push(line),
  });
  return tiny_;
}

test("an engine is ready when it answers, is recorded, and is gone after a stop", async () => {
  const tiny = tinyEngine(serving);

  await tiny.start();
  const recorded = findLiving(record());
  await tiny.stop();

  expect(recorded).toBeDefined();
  expect(tiny.state).toBe("stopped");
  expect(findLiving(record())).toBeUndefined();
  await expect(answers(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});

test("an engine that dies is named with its log and started again", async () => {
  const tiny = tinyEngine(`console.log("last words"); ${serving}`);
  await tiny.start();
  const first = findLiving(record())?.pid ?? 0;

  process.kill(first, "SIGKILL");

  await expect.poll(() => tiny.restarts, { timeout: 10_000 }).toBe(1);
  await expect.poll(() => tiny.state, { timeout: 10_000 }).toBe("ready");
  expect(findLiving(record())?.pid).not.toBe(first);
  expect(lines.join("\n")).toMatch(/tiny died \(SIGKILL\)[\s\S]*last words/);
});

test("an engine killed on purpose stays down until it is started", async () => {
  const tiny = tinyEngine(serving);
  await tiny.start();

  await tiny.kill();
  expect(tiny.state).toBe("stopped");
  await tiny.start();

  expect(tiny.state).toBe("ready");
  expect(tiny.restarts).toBe(0);
});

test("an engine that ends while it starts fails with the end of its log", async () => {
  const tiny = tinyEngine("console.error('no such table'); process.exit(3)");

  await expect(tiny.start()).rejects.toThrow(
    /tiny ended while it started \(exit code 3\)[\s\S]*no such table/,
  );
  expect(tiny.state).toBe("failed");
});

test("a start that is given up ends what it began", async () => {
  const tiny = tinyEngine("setInterval(() => {}, 1000)");
  const starting = tiny.start();
  await expect.poll(() => findLiving(record())).toBeDefined();

  const refused = expect(starting).rejects.toThrow("tiny was stopped while it started");
  await tiny.stop();

  await refused;
  expect(findLiving(record())).toBeUndefined();
});

test("starting a running engine sets it up again without a second process", async () => {
  let setUps = 0;
  const tiny = tinyEngine(serving, async () => {
    setUps += 1;
  });
  await tiny.start();
  const first = findLiving(record())?.pid;

  await tiny.start();

  expect(setUps).toBe(2);
  expect(findLiving(record())?.pid).toBe(first);
});

function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => done(address !== null && typeof address === "object" ? address.port : 0));
    });
  });
}
