import { parseArgs } from "node:util";
import { ensureBuild } from "#server/start/build.ts";
import type { Headgate } from "#server/start/processes.ts";
import { runHeadgateOnLab } from "./run-headgate.ts";
import { seedDemoPipeline } from "./seed-demo.ts";
import { type Lab, startLab } from "./supervisor.ts";

/** `npm run demo`: a living source, the engines, web and worker, and one pipeline that already runs. */
const { values } = parseArgs({
  options: {
    dir: { type: "string", default: ".headgate/lab" },
    "port-base": { type: "string" },
    traffic: { type: "string", default: "10" },
    rows: { type: "string" },
  },
});

const began = Date.now();
const say = (line: string) =>
  process.stdout.write(`[${((Date.now() - began) / 1000).toFixed(0).padStart(3)} s] ${line}\n`);

let lab: Lab | undefined;
let headgate: Headgate | undefined;
const stopping = new AbortController();
let askedToStop: () => void = () => undefined;
const asked = new Promise<"asked">((resolve) => {
  askedToStop = () => resolve("asked");
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    stopping.abort();
    askedToStop();
  });
}

try {
  const [started] = await Promise.all([
    startLab({
      dir: values.dir,
      ...(values["port-base"] ? { portBase: Number(values["port-base"]) } : {}),
      ...(values.rows ? { rows: Number(values.rows) } : {}),
      traffic: Number(values.traffic),
      withHeadgate: true,
      onProgress: say,
      signal: stopping.signal,
    }).then((running) => {
      lab = running;
      return running;
    }),
    ensureBuild(say),
  ]);
  say("Starting web and worker …");
  headgate = await runHeadgateOnLab(started.endpoints, { say });
  await seedDemoPipeline(started.endpoints, say);
  const width = Math.max(...started.endpoints.accounts.map(({ username }) => username.length));
  const accounts = started.endpoints.accounts.map(
    ({ username, name, groups }) =>
      `  ${username.padEnd(width)}  ${name}${groups.length === 0 ? " (no role yet)" : ""}`,
  );
  process.stdout.write(
    `\nDemo accounts, each with the role it is named after; the password of all is ${started.endpoints.demoPassword}:\n${accounts.join("\n")}\n` +
      `\nOne pipeline is running. The database library on 127.0.0.1:${started.endpoints.postgres.source.port} is left for you to connect:\n` +
      `  references vault://secret/connectors/library and vault://secret/headgate/library, keys username and password\n` +
      `\nCtrl-C stops everything; the data stays for the next start (npm run lab -- reset forgets it).\n` +
      `Headgate is ready at ${headgate.url}\n`,
  );
  const why = await Promise.race([asked, headgate.ended]);
  if (why !== "asked") {
    say(
      `The ${why.process} process ended with code ${why.code}; its log is in ${started.dir}/logs. Stopping.`,
    );
    process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  say("Stopping …");
  await headgate?.stop();
  await lab?.stop();
  say("Stopped.");
  process.exit();
}
