import { spawn } from "node:child_process";
import { closeSync, createReadStream, existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { attachLab, isEngineName } from "./control.ts";
import type { Endpoints } from "./endpoints.ts";
import { engineNames } from "./engines/roster.ts";
import { findLeftovers, findSupervisor, resetLab, stopLab } from "./lab-folder.ts";
import { defaultLabDir, isLabFolder, type LabOptions } from "./lab-options.ts";
import { parsePortOverride } from "./ports.ts";
import { openLog, tailOf } from "./run-command.ts";
import { startLab } from "./supervisor.ts";

const usage = `npm run lab -- <command> [options]

  start [--detach]     start the lab, or resume it with its data; Ctrl-C stops it
  start|stop|kill NAME start or end one engine of a running lab
  status               what runs, where
  stop                 end everything the lab started; the data stays
  reset                stop, and remove the lab's data
  logs [NAME]          follow one engine's log, or show the end of all
  traffic RATE         changes per second in the shop from now on

  --dir FOLDER         the lab's folder (default .headgate/lab)
  --port-base N        first port; all others follow from it (default 17400)
  --port NAME=N        one port that shall be another; may be repeated
  --rows N             rows the shop starts with (default 120000)
  --traffic N          changes per second in the shop (default 0)
  --headgate-url URL   address of the Headgate that signs in here

Engines: ${engineNames.join(", ")}`;

const say = (line: string) => process.stdout.write(`${line}\n`);

// Whoever reads the progress may leave (`| head`); the engines must not be orphaned for it.
process.stdout.on("error", () => {});

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      dir: { type: "string" },
      "port-base": { type: "string" },
      port: { type: "string", multiple: true },
      rows: { type: "string" },
      traffic: { type: "string" },
      "headgate-url": { type: "string" },
      detach: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [command, name] = positionals;
  const dir = resolve(values.dir ?? process.env.HEADGATE_LAB_DIR ?? defaultLabDir);
  if (values.help || !command) {
    say(usage);
    return values.help ? 0 : 2;
  }
  if (name && (command === "start" || command === "stop" || command === "kill"))
    return commandEngine(dir, name, command);
  switch (command) {
    case "start": {
      const options: LabOptions = {
        dir,
        ...numeric("portBase", "--port-base", values["port-base"]),
        ...numeric("rows", "--rows", values.rows),
        ...numeric("traffic", "--traffic", values.traffic),
        ...(values.port ? { ports: Object.assign({}, ...values.port.map(parsePortOverride)) } : {}),
        ...(values["headgate-url"] ? { headgateUrl: new URL(values["headgate-url"]).origin } : {}),
      };
      return values.detach ? startDetached(args, dir) : startHere(options);
    }
    case "status":
      return showStatus(dir);
    case "stop":
      await stopLab(dir, say);
      say("the lab is stopped");
      return 0;
    case "reset":
      if (!isLabFolder(dir)) say(`there is no lab in ${dir}`);
      else await resetLab(dir, say).then(() => say(`removed the lab in ${dir}`));
      return 0;
    case "logs":
      return showLogs(dir, name);
    case "traffic":
      if (!name || !/^\d+(\.\d+)?$/.test(name)) throw new Error("usage: traffic CHANGES_PER_SECOND");
      await attachLab(dir).setTraffic(Number(name));
      say(`the shop now changes ${name} rows per second`);
      return 0;
    default:
      say(`Unknown command ${command}.\n\n${usage}`);
      return 2;
  }
}

async function startHere(options: LabOptions): Promise<number> {
  const began = Date.now();
  const tell = (line: string) => {
    const stamped = `${((Date.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${line}`;
    say(stamped);
    if (process.connected) process.send?.({ line: stamped });
  };
  const asked = stopAsked();
  const giveUp = new AbortController();
  void asked.then(() => giveUp.abort());
  const lab = await startLab({ ...options, onProgress: tell, signal: giveUp.signal });
  tell(`the lab is ready\n${describe(lab.endpoints)}`);
  if (process.connected) process.send?.({ ready: true });
  await asked;
  tell("stopping the lab");
  await lab.stop();
  tell("the lab is stopped");
  return 0;
}

function stopAsked(): Promise<"stop"> {
  return new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => done("stop"));
  });
}

/** The supervisor in a process of its own; this one shows its progress and leaves when it is ready. */
async function startDetached(args: string[], dir: string): Promise<number> {
  const logFile = join(dir, "logs/supervisor.log");
  const running = findSupervisor(dir);
  if (running) throw new Error(`A lab already runs in ${dir} (pid ${running}): see lab status, or lab stop`);
  const log = openLog(logFile);
  const logStart = statSync(logFile).size;
  const child = spawn(
    process.execPath,
    [
      ...process.execArgv,
      "--disable-warning=TimeoutNegativeWarning",
      import.meta.filename,
      ...args.filter((arg) => arg !== "--detach"),
    ],
    {
      detached: true,
      stdio: ["ignore", log, log, "ipc"],
    },
  );
  closeSync(log);
  return new Promise((done) => {
    child.on("message", (message: { line?: string; ready?: boolean }) => {
      if (message.line) say(message.line);
      if (!message.ready) return;
      child.disconnect();
      child.unref();
      done(0);
    });
    child.on("exit", (code) => {
      // Progress has been shown already; what is left is why it ended.
      process.stderr.write(`${tailOf(logFile, 25, logStart)}\nThe lab did not start; full log: ${logFile}\n`);
      done(code || 1);
    });
  });
}

async function commandEngine(dir: string, name: string, verb: "start" | "stop" | "kill"): Promise<number> {
  if (!isEngineName(name)) throw new Error(`The lab has no engine ${name}; it has ${engineNames.join(", ")}`);
  await attachLab(dir).engine(name)[verb]();
  say(`${name}: ${verb === "start" ? "ready" : "down"}`);
  return 0;
}

async function showStatus(dir: string): Promise<number> {
  const supervisor = findSupervisor(dir);
  if (!supervisor) {
    const leftovers = findLeftovers(dir);
    say(
      leftovers.length > 0
        ? `the supervisor in ${dir} is gone, but these still run: ${leftovers.join(", ")}. "start" resumes, "stop" ends them.`
        : `no lab runs in ${dir}`,
    );
    return 1;
  }
  const lab = attachLab(dir);
  const statuses = await lab.status();
  say(`lab in ${dir}, supervisor pid ${supervisor}`);
  for (const { name, state, pid, ports, restarts } of statuses) {
    const place = ports.length > 0 ? `127.0.0.1:${ports.join(", ")}` : "";
    const again = restarts > 0 ? `  restarted ${restarts}×` : "";
    say(`  ${name.padEnd(16)} ${state.padEnd(9)} ${String(pid ?? "-").padStart(8)}  ${place}${again}`);
  }
  say(describe(lab.endpoints));
  return statuses.some(({ state }) => state === "failed") ? 1 : 0;
}

async function showLogs(dir: string, name: string | undefined): Promise<number> {
  const fileOf = (engine: string) => join(dir, "logs", `${engine}.log`);
  if (!name) {
    for (const engine of engineNames) {
      if (existsSync(fileOf(engine))) say(`── ${engine}\n${tailOf(fileOf(engine), 8)}\n`);
    }
    return 0;
  }
  const file = fileOf(name);
  if (!existsSync(file)) throw new Error(`No log of ${name} in ${join(dir, "logs")}`);
  say(tailOf(file, 40));
  let position = statSync(file).size;
  const asked = stopAsked();
  for (;;) {
    if ((await Promise.race([asked, pause(300, "look")])) === "stop") return 0;
    const { size } = statSync(file);
    // A log that shrank was moved aside.
    if (size < position) position = 0;
    if (size > position) {
      for await (const chunk of createReadStream(file, { start: position, end: size - 1 }))
        process.stdout.write(chunk);
      position = size;
    }
  }
}

function describe({ kafka, connect, registry, vault, oidc, postgres, mariadb, dir }: Endpoints): string {
  return [
    `  Kafka ${kafka.brokers.join(",")} · Connect ${connect.url} · registry ${registry.url}`,
    `  Vault API ${vault.address} · OIDC ${oidc.issuer}`,
    `  source 127.0.0.1:${postgres.source.port} (${postgres.source.databases.join(", ")}) · target 127.0.0.1:${postgres.target.port} (${postgres.target.database})`,
    mariadb
      ? `  MariaDB 127.0.0.1:${mariadb.port} (${mariadb.databases.join(", ")})`
      : "  without MariaDB, which is not installed",
    `  everything else: ${join(dir, "endpoints.json")}`,
  ].join("\n");
}

function numeric<Key extends string>(
  key: Key,
  flag: string,
  text: string | undefined,
): Partial<Record<Key, number>> {
  if (text === undefined) return {};
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new Error(`${flag} needs a number, not "${text}"`);
  return { [key]: value } as Partial<Record<Key, number>>;
}
