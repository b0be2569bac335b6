import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Env } from "#server/env.ts";

const SHORTEST = 32;

/** From HEADGATE_SECRET_FILE, or made once in the data folder, readable by the owner alone. */
export function readSessionSecret(env: Pick<Env, "HEADGATE_SECRET_FILE" | "HEADGATE_DATA_DIR">): string {
  if (env.HEADGATE_SECRET_FILE) {
    const secret = readFileSync(env.HEADGATE_SECRET_FILE, "utf8").trim();
    if (secret.length >= SHORTEST) return secret;
    throw new Error(`The secret in ${env.HEADGATE_SECRET_FILE} is shorter than ${SHORTEST} characters`);
  }
  mkdirSync(env.HEADGATE_DATA_DIR, { recursive: true });
  const file = join(env.HEADGATE_DATA_DIR, "session-secret");
  try {
    // Of several processes that start at once one makes it, and the others read it.
    writeFileSync(file, randomBytes(48).toString("base64url"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const secret = readFileSync(file, "utf8").trim();
  if (secret.length < SHORTEST) throw new Error(`${file} is damaged; remove it and everybody signs in again`);
  return secret;
}
