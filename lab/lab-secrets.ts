import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Stored = z.record(z.string(), z.string());

export type LabSecrets = {
  /** Random per lab, made on first use and kept; names are for people who read the file. */
  get(name: string): string;
  find(name: string): string | undefined;
  set(name: string, value: string): void;
  /** Writes one secret alone into a file of its own, for programs that read secrets from files. */
  asFile(name: string): string;
  folder: string;
};

export function openSecrets(dir: string): LabSecrets {
  const folder = join(dir, "secrets");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "lab.json");
  const stored = readStored(file);

  const set = (name: string, value: string) => {
    stored[name] = value;
    writePrivate(file, `${JSON.stringify(stored, undefined, 2)}\n`);
  };
  const get = (name: string) => {
    const known = stored[name];
    if (known !== undefined) return known;
    const made = randomBytes(24).toString("base64url");
    set(name, made);
    return made;
  };
  return {
    folder,
    get,
    set,
    find: (name) => stored[name],
    asFile: (name) => {
      const path = join(folder, name.replaceAll(":", "-"));
      writePrivate(path, get(name));
      return path;
    },
  };
}

/** Whole or not at all, and for the owner's eyes only. */
export function writePrivate(file: string, text: string): void {
  const staging = `${file}.${process.pid}.tmp`;
  writeFileSync(staging, text, { mode: 0o600 });
  renameSync(staging, file);
}

function readStored(file: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
  const parsed = Stored.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${file} is damaged; "lab reset" starts over`);
  return parsed.data;
}
