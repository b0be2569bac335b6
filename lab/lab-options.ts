import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { writePrivate } from "./lab-secrets.ts";
import { defaultPortBase, derivePorts, isPortName, type PortOverrides } from "./ports.ts";

export const repoDir = resolve(import.meta.dirname, "..");
export const defaultLabDir = join(repoDir, ".headgate/lab");

/** Room the engines need before a start makes sense; Kafka and PostgreSQL fail in ugly ways on a full disk. */
export const leastFreeBytes = 2 * 1024 ** 3;

export type LabOptions = {
  /** Folder with everything of this lab. */
  dir?: string;
  /** First of the lab's ports; the others follow from it. */
  portBase?: number;
  /** Single ports that shall be others. */
  ports?: PortOverrides;
  /** Rows the shop starts with; read only when the data is first made. */
  rows?: number;
  /** Changes per second in the shop. */
  traffic?: number;
  /** Address of the Headgate that uses this lab; 127.0.0.1 at the port base unless given. */
  headgateUrl?: string;
  /** Headgate is going to be started here too: its port has to be free as well. */
  withHeadgate?: boolean;
  /** Begin with an empty lab. */
  fresh?: boolean;
  /** Free bytes below which the lab refuses to start. */
  minFreeBytes?: number;
  onProgress?: (line: string) => void;
  /** Gives up a start that is under way, and ends what it has begun. */
  signal?: AbortSignal;
};

const Saved = z.object({
  portBase: z.number(),
  ports: z.record(z.string(), z.number()),
  rows: z.number(),
  traffic: z.number(),
  headgateUrl: z.string().optional(),
});
export type SavedOptions = z.infer<typeof Saved>;

/** A lab resumes as it was last started; options given now win. */
export function mergeOptions(given: LabOptions, saved: SavedOptions | undefined) {
  const portBase = given.portBase ?? saved?.portBase ?? defaultPortBase;
  // Single ports belong to the base they were chosen with.
  const kept = given.portBase === undefined || given.portBase === saved?.portBase ? saved?.ports : undefined;
  const overrides: PortOverrides = Object.fromEntries(
    Object.entries({ ...kept, ...given.ports }).filter(([name]) => isPortName(name)),
  );
  const ports = derivePorts(portBase, overrides);
  const rows = given.rows ?? saved?.rows ?? 120_000;
  const traffic = given.traffic ?? saved?.traffic ?? 0;
  if (!Number.isInteger(rows) || rows < 100) throw new Error("--rows must be a whole number of at least 100");
  if (!(traffic >= 0 && traffic <= 10_000))
    throw new Error("--traffic must be between 0 and 10000 changes per second");
  const headgateUrl = given.headgateUrl ?? saved?.headgateUrl;
  const save: SavedOptions = {
    portBase,
    ports: Object.fromEntries(Object.entries(overrides)),
    rows,
    traffic,
    ...(headgateUrl ? { headgateUrl } : {}),
  };
  return { save, ports, headgateUrl: headgateUrl ?? `http://127.0.0.1:${ports.headgate}` };
}

const fileOf = (dir: string) => join(dir, "lab.json");

export function isLabFolder(dir: string): boolean {
  return existsSync(fileOf(dir));
}

export function readSavedOptions(dir: string): SavedOptions | undefined {
  if (!isLabFolder(dir)) return undefined;
  try {
    return Saved.parse(JSON.parse(readFileSync(fileOf(dir), "utf8")));
  } catch (cause) {
    throw new Error(`${fileOf(dir)} is damaged; "lab reset" starts over`, { cause });
  }
}

export function saveOptions(dir: string, options: SavedOptions): void {
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  writePrivate(fileOf(dir), `${JSON.stringify(options, undefined, 2)}\n`);
}
