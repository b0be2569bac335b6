import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import { basename } from "node:path";
import { promisify } from "node:util";

/** Every port of the lab as a distance from the port base, so that one number moves the whole lab. */
export const portOffsets = {
  headgate: 0,
  "postgres-state": 1,
  "postgres-source": 2,
  "postgres-target": 3,
  mariadb: 4,
  kafka: 10,
  "kafka-controller": 11,
  connect: 20,
  registry: 30,
  vault: 40,
  "vault-cluster": 41,
  oidc: 50,
} as const;

export type PortName = keyof typeof portOffsets;
export type Ports = Record<PortName, number>;
export type PortOverrides = Partial<Ports>;

export const defaultPortBase = 17400;
const portNames = Object.keys(portOffsets) as PortName[];
/** All but Headgate's own, which not every lab needs. */
export const enginePorts = portNames.filter((name) => name !== "headgate");

export function isPortName(name: string): name is PortName {
  return Object.hasOwn(portOffsets, name);
}

/** Ports from the base, with single ones replaced; refuses what cannot work before anything is started. */
export function derivePorts(base: number, overrides: PortOverrides = {}): Ports {
  const ports = Object.fromEntries(
    portNames.map((name) => [name, overrides[name] ?? base + portOffsets[name]]),
  ) as Ports;
  const users = new Map<number, PortName>();
  for (const name of portNames) {
    const port = ports[name];
    if (!Number.isInteger(port) || port < 1024 || port > 65_535) {
      throw new Error(`Port ${port} for ${name} is not between 1024 and 65535`);
    }
    const other = users.get(port);
    if (other) throw new Error(`Port ${port} is given to both ${other} and ${name}`);
    users.set(port, name);
  }
  return ports;
}

/** `kafka=9092` as given on the command line. */
export function parsePortOverride(text: string): PortOverrides {
  const [name = "", number = "", ...rest] = text.split("=");
  if (!isPortName(name) || rest.length > 0 || !/^\d+$/.test(number)) {
    throw new Error(`"${text}" is not NAME=PORT; names are ${portNames.join(", ")}`);
  }
  return { [name]: Number(number) };
}

export type TakenPort = { name: PortName; port: number; owner: string | undefined };

export async function findTakenPorts(ports: Ports, names: readonly PortName[]): Promise<TakenPort[]> {
  const checked = await Promise.all(
    names.map(async (name) => ((await isFree(ports[name])) ? [] : [{ name, port: ports[name] }])),
  );
  return Promise.all(checked.flat().map(async (taken) => ({ ...taken, owner: await ownerOf(taken.port) })));
}

export function describeTakenPorts(taken: readonly TakenPort[]): string {
  const lines = taken.map(
    ({ name, port, owner }) => `  port ${port} (${name}) is already taken${owner ? ` by ${owner}` : ""}`,
  );
  return `The lab cannot start:\n${lines.join("\n")}\nStop what holds it, or choose others with --port-base <n> or --port ${taken[0]?.name}=<n>.`;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** The process that listens on a port, when the system tells: other people's processes often stay unnamed. */
async function ownerOf(port: number): Promise<string | undefined> {
  return (await ownerFromProc(port)) ?? (await ownerFromLsof(port));
}

async function ownerFromProc(port: number): Promise<string | undefined> {
  try {
    const tables = await Promise.all(
      ["/proc/net/tcp", "/proc/net/tcp6"].map((file) => readFile(file, "utf8")),
    );
    const inode = tables.map((table) => listeningInode(table, port)).find(Boolean);
    if (!inode) return undefined;
    for (const pid of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
      const handles = await readdir(`/proc/${pid}/fd`).catch(() => []);
      const links = await Promise.all(
        handles.map((handle) => readlink(`/proc/${pid}/fd/${handle}`).catch(() => "")),
      );
      if (links.includes(`socket:[${inode}]`)) {
        // The kernel's short name would be "MainThread" for Node: the command line says what runs.
        const program = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0")[0] ?? "";
        return `${basename(program)} (pid ${pid})`;
      }
    }
  } catch {
    return undefined;
  }
  return undefined;
}

/** Column 1 is `address:port` in hex, column 3 the state (0A is LISTEN), column 9 the socket's inode. */
export function listeningInode(table: string, port: number): string | undefined {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const columns = table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find((line) => line[1]?.endsWith(suffix) && line[3] === "0A");
  return columns?.[9];
}

async function ownerFromLsof(port: number): Promise<string | undefined> {
  const listing = await promisify(execFile)("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"], {
    timeout: 5_000,
  }).catch(() => undefined);
  const pid = listing?.stdout.match(/^p(\d+)$/m)?.[1];
  const command = listing?.stdout.match(/^c(.+)$/m)?.[1];
  return pid && command ? `${command} (pid ${pid})` : undefined;
}
