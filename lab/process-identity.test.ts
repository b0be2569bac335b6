import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  endProcess,
  findLiving,
  identityOf,
  isAlive,
  type ProcessIdentity,
  saveIdentity,
  startFromStat,
} from "./process-identity.ts";

let folder: string;
let child: ChildProcess;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lab-identity-"));
  child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
});
afterEach(() => {
  child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

const identityOfChild = (): ProcessIdentity => {
  const identity = identityOf(child.pid ?? 0);
  if (!identity) throw new Error("the child has no identity");
  return identity;
};

test("a recorded process is found again", () => {
  const file = join(folder, "run/engine.json");
  saveIdentity(file, identityOfChild());

  expect(findLiving(file)).toEqual(identityOfChild());
});

test("a pid that now belongs to another process counts as gone", () => {
  const file = join(folder, "engine.json");
  saveIdentity(file, { ...identityOfChild(), startedAt: "another-boot/1" });

  expect(findLiving(file)).toBeUndefined();
});

test.each([
  ["no file", undefined],
  ["a cut-off file", '{"pid": 12'],
  ["another file's contents", '["pid"]'],
])("%s counts as no process", (_case, text) => {
  const file = join(folder, "engine.json");
  if (text !== undefined) writeFileSync(file, text);

  expect(findLiving(file)).toBeUndefined();
});

test("ending a process waits until it is gone", async () => {
  const identity = identityOfChild();

  await endProcess(identity);

  expect(isAlive(identity)).toBe(false);
});

test("a process that ignores the polite signal is killed", async () => {
  const deaf = spawn(
    process.execPath,
    ["-e", "process.on('SIGTERM', () => {}); process.stdout.write('deaf'); setInterval(() => {}, 1000)"],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  await new Promise((done) => deaf.stdout.once("data", done));
  const identity = identityOf(deaf.pid ?? 0);
  if (!identity) throw new Error("no identity");

  await endProcess(identity, { patienceMs: 200 });

  expect(isAlive(identity)).toBe(false);
});

test("a process of somebody else with a recorded pid is left alone", async () => {
  await endProcess({ ...identityOfChild(), startedAt: "another-boot/1" });

  expect(isAlive(identityOfChild())).toBe(true);
});

test("the start is read past a command name with spaces and parentheses", () => {
  const rest = Array.from({ length: 40 }, (_, index) => String(index)).join(" ");

  expect(startFromStat(`12 (a) (b c) S ${rest}`, "boot")).toBe("boot/18");
  expect(startFromStat(`12 (gone) Z ${rest}`, "boot")).toBeUndefined();
});
