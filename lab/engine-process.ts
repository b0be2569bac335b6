import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Engine } from "./engines/engine.ts";
import type { Ports } from "./ports.ts";
import {
  endProcess,
  forgetIdentity,
  identityOf,
  type ProcessIdentity,
  saveIdentity,
} from "./process-identity.ts";
import { openLog, spawnPlace, tailOf } from "./run-command.ts";

export type EngineState = "waiting" | "starting" | "ready" | "stopped" | "failed";

export type EngineStatus = {
  name: string;
  state: EngineState;
  pid: number | undefined;
  /** Times it died by itself and was started again. */
  restarts: number;
  ports: number[];
  logFile: string;
};

const readyLimitMs = 180_000;
const revivals = { atMost: 5, withinMs: 600_000 };

/** One engine as a child process: started, watched, started again when it dies, ended when it should. */
export class EngineProcess {
  readonly engine: Engine;
  state: EngineState = "stopped";
  restarts = 0;
  readonly #identityFile: string;
  readonly #logFile: string;
  readonly #report: (line: string) => void;
  #identity: ProcessIdentity | undefined;
  #child: ChildProcess | undefined;
  #ending: string | undefined;
  #wanted = false;
  #deaths: number[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  constructor(engine: Engine, place: { runDir: string; logFile: string; report: (line: string) => void }) {
    this.engine = engine;
    this.#identityFile = join(place.runDir, `${engine.name}.json`);
    this.#logFile = place.logFile;
    this.#report = place.report;
  }

  get name(): string {
    return this.engine.name;
  }

  get after(): readonly string[] {
    return this.engine.after;
  }

  status(ports: Ports): EngineStatus {
    return {
      name: this.name,
      state: this.state,
      pid: this.#identity?.pid,
      restarts: this.restarts,
      ports: this.engine.ports.map((port) => ports[port]),
      logFile: this.#logFile,
    };
  }

  /** Resolves when the engine answers and is set up. */
  start(): Promise<void> {
    this.#wanted = true;
    return this.#inTurn(() => this.#start());
  }

  stop(): Promise<void> {
    this.#wanted = false;
    return this.#inTurn(() => this.#end(this.engine.stopSignal, this.engine.stopPatienceMs));
  }

  /** Ends it the way a power cut does; it stays down until `start`. */
  kill(): Promise<void> {
    this.#wanted = false;
    return this.#inTurn(() => this.#end("SIGKILL", 5_000));
  }

  async #start(): Promise<void> {
    if (this.#identity) return this.engine.setUp?.();
    if (!this.#wanted) return;
    const { name } = this.engine;
    const started = Date.now();
    this.state = "starting";
    try {
      await this.engine.prepare?.();
      this.#spawn();
      await this.#untilReady(started);
      await this.engine.setUp?.();
      this.#requireAlive();
    } catch (error) {
      await this.#end("SIGKILL", 5_000);
      this.state = "failed";
      throw error;
    }
    this.state = "ready";
    this.#report(`${name} is ready after ${((Date.now() - started) / 1_000).toFixed(1)} s`);
  }

  #spawn(): void {
    const { name, command } = this.engine;
    const program = command();
    const log = openLog(this.#logFile);
    // A process group of its own: Ctrl-C in the terminal reaches the supervisor, which stops the engines in order.
    const child = spawn(program.file, program.args, {
      ...spawnPlace(program),
      stdio: ["ignore", log, log],
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    child.once("error", (error) => this.#report(`${name} could not be run: ${error.message}`));
    child.once("exit", () => this.#died(child));
    if (child.pid === undefined) throw new Error(`${name}: ${program.file} could not be run`);
    const identity = identityOf(child.pid);
    if (!identity)
      throw new Error(`${name} ended at once:\n${tailOf(this.#logFile)}\nFull log: ${this.#logFile}`);
    this.#identity = identity;
    saveIdentity(this.#identityFile, identity);
  }

  async #untilReady(started: number): Promise<void> {
    const { name } = this.engine;
    let nextWordAt = started + 15_000;
    let lastReason = "no answer yet";
    while (
      !(await this.#answers().catch((error: Error) => {
        lastReason = error.message;
        return false;
      }))
    ) {
      if (!this.#wanted) throw new Error(`${name} was stopped while it started`);
      this.#requireAlive();
      const waited = Date.now() - started;
      if (waited > readyLimitMs) {
        throw new Error(
          `${name} was not ready within ${readyLimitMs / 1_000} s (${lastReason}):\n${tailOf(this.#logFile)}\nFull log: ${this.#logFile}`,
        );
      }
      if (Date.now() > nextWordAt) {
        this.#report(`${name} is still starting after ${Math.round(waited / 1_000)} s (${lastReason})`);
        nextWordAt += 15_000;
      }
      await pause(100);
    }
  }

  #requireAlive(): void {
    if (this.#child) return;
    throw new Error(
      `${this.name} ended while it started (${this.#ending}):\n${tailOf(this.#logFile)}\nFull log: ${this.#logFile}`,
    );
  }

  async #answers(): Promise<boolean> {
    const limit = new AbortController();
    const tooLate = pause(5_000, false, { signal: limit.signal }).catch(() => false);
    try {
      return await Promise.race([this.engine.isReady(), tooLate]);
    } finally {
      limit.abort();
    }
  }

  #died(child: ChildProcess): void {
    if (child !== this.#child) return;
    this.#child = undefined;
    this.#identity = undefined;
    this.#ending = child.signalCode ?? `exit code ${child.exitCode}`;
    forgetIdentity(this.#identityFile);
    // While it starts, the wait for readiness tells; a stop was asked for.
    if (this.state !== "ready" || !this.#wanted) return;
    const { name } = this.engine;
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < revivals.withinMs), now];
    this.#report(`${name} died (${this.#ending}). The end of its log:\n${tailOf(this.#logFile, 8)}`);
    if (this.#deaths.length > revivals.atMost) {
      this.state = "failed";
      this.#report(
        `${name} died ${this.#deaths.length} times within ten minutes and is left down; full log: ${this.#logFile}`,
      );
      return;
    }
    this.state = "waiting";
    void this.#inTurn(() => this.#revive(2 ** (this.#deaths.length - 1) * 500)).catch((error: Error) =>
      this.#report(`${name} could not be started again: ${error.message}`),
    );
  }

  async #revive(delayMs: number): Promise<void> {
    await pause(delayMs);
    if (!this.#wanted || this.#identity) return;
    this.restarts += 1;
    this.#report(`starting ${this.engine.name} again`);
    await this.#start();
  }

  async #end(signal: NodeJS.Signals, patienceMs: number): Promise<void> {
    const identity = this.#identity;
    this.state = "stopped";
    if (!identity) return;
    await endProcess(identity, { signal, patienceMs });
    this.#child = undefined;
    this.#identity = undefined;
    forgetIdentity(this.#identityFile);
  }

  /** Start, stop and revival of one engine never overlap. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work, work);
    this.#turn = result.catch(() => {});
    return result;
  }
}
