import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { readEndpoints } from "./endpoints.ts";
import { type EngineName, engineNames } from "./engines/roster.ts";
import type { Lab } from "./supervisor.ts";

const Reply = z.union([z.object({ result: z.unknown() }), z.object({ error: z.string() })]);
const Statuses = z.array(
  z.object({
    name: z.string(),
    state: z.enum(["waiting", "starting", "ready", "stopped", "failed"]),
    pid: z.number().optional(),
    restarts: z.number(),
    ports: z.array(z.number()),
    logFile: z.string(),
  }),
);

/** A socket's path may have 107 bytes at most; deep folders get one in the folder for temporary files. */
function socketOf(runDir: string): string {
  const wanted = join(runDir, "control.sock");
  if (Buffer.byteLength(wanted) <= 100) return wanted;
  return join(
    tmpdir(),
    `headgate-lab-${createHash("sha256").update(runDir).digest("hex").slice(0, 16)}.sock`,
  );
}

/** Lets other processes of the same account command a running lab, over a socket only that account can open. */
export async function serveControl(runDir: string, lab: Lab): Promise<{ close: () => Promise<void> }> {
  const path = socketOf(runDir);
  await rm(path, { force: true });
  const server = createServer(async (incoming, outgoing) => {
    const answer = await perform(lab, incoming.url ?? "/").then(
      (result) => ({ result: result ?? null }),
      (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
    );
    outgoing.writeHead("error" in answer ? 400 : 200, { "content-type": "application/json" });
    outgoing.end(JSON.stringify(answer));
  });
  const previousMask = process.umask(0o177);
  try {
    await new Promise<void>((done, failed) => server.once("error", failed).listen(path, done));
  } finally {
    process.umask(previousMask);
  }
  server.unref();
  return {
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 500).unref();
      }),
  };
}

async function perform(lab: Lab, path: string): Promise<unknown> {
  const [subject, name = "", verb] = path.slice(1).split("/");
  if (subject === "status") return lab.status();
  if (subject === "traffic") return lab.setTraffic(Number(name));
  if (
    subject === "engines" &&
    isEngineName(name) &&
    (verb === "stop" || verb === "start" || verb === "kill")
  ) {
    return lab.engine(name)[verb]();
  }
  throw new Error(`The lab knows no ${path}; engines are ${engineNames.join(", ")}`);
}

export function isEngineName(name: string): name is EngineName {
  return (engineNames as readonly string[]).includes(name);
}

/** The lab that another process supervises, with the same commands. */
export function attachLab(dir: string): Omit<Lab, "stop"> {
  const folder = resolve(dir);
  const endpoints = readEndpoints(folder);
  const call = (path: string) => ask(join(folder, "run"), path);
  return {
    dir: folder,
    endpoints,
    engine: (name) => ({
      stop: async () => void (await call(`/engines/${name}/stop`)),
      start: async () => void (await call(`/engines/${name}/start`)),
      kill: async () => void (await call(`/engines/${name}/kill`)),
    }),
    status: async () =>
      Statuses.parse(await call("/status")).map((status) => ({ ...status, pid: status.pid })),
    setTraffic: async (rate) => void (await call(`/traffic/${rate}`)),
  };
}

function ask(runDir: string, path: string): Promise<unknown> {
  return new Promise((done, failed) => {
    const outgoing = request(
      { socketPath: socketOf(runDir), path, method: "POST", timeout: 240_000 },
      (incoming) => {
        let body = "";
        incoming.setEncoding("utf8");
        incoming.on("data", (chunk) => {
          body += chunk;
        });
        incoming.on("end", () => {
          const reply = Reply.parse(JSON.parse(body));
          if ("error" in reply) failed(new Error(reply.error));
          else done(reply.result);
        });
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error(`the lab did not answer ${path} in time`)));
    outgoing.on("error", (cause) =>
      failed(new Error(`The lab's supervisor does not answer: ${cause.message}`, { cause })),
    );
    outgoing.end();
  });
}
