import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import type { Command } from "./run-command.ts";

const run = promisify(execFile);

/** PostgreSQL refuses to run as root, so root lends it another account. */
export type PostgresUser =
  | { kind: "self" }
  | {
      kind: "other";
      uid: number;
      gid: number /** May it walk to its binaries and data on its own? */;
      reaches: boolean;
    };

export async function findPostgresUser(places: readonly string[]): Promise<PostgresUser> {
  if (process.getuid?.() !== 0) return { kind: "self" };
  const uid = await idOf("-u").catch(async () => {
    await run("useradd", [
      "--system",
      "--user-group",
      "--no-create-home",
      "--shell",
      "/usr/sbin/nologin",
      "postgres",
    ]).catch((cause) => {
      throw new Error(
        "PostgreSQL cannot run as root and no account named postgres could be made: add one with useradd",
        { cause },
      );
    });
    return idOf("-u");
  });
  const reaches = (await Promise.all(places.map(isOpenToAll))).every(Boolean);
  return { kind: "other", uid, gid: await idOf("-g"), reaches };
}

/**
 * A checkout below a private folder (such as root's home) keeps the postgres account from its own binaries and
 * data; there the account gets root's right to pass folders, through setpriv, which becomes the program itself.
 */
export function asPostgres(user: PostgresUser, command: Command): Command {
  if (user.kind === "self") return command;
  if (user.reaches) return { ...command, uid: user.uid, gid: user.gid };
  const right = "+dac_override,+dac_read_search";
  return {
    ...command,
    file: "setpriv",
    args: [
      `--reuid=${user.uid}`,
      `--regid=${user.gid}`,
      "--clear-groups",
      `--inh-caps=${right}`,
      `--ambient-caps=${right}`,
      command.file,
      ...command.args,
    ],
  };
}

async function idOf(flag: "-u" | "-g"): Promise<number> {
  const { stdout } = await run("id", [flag, "postgres"]);
  return Number(stdout.trim());
}

async function isOpenToAll(place: string): Promise<boolean> {
  for (let folder = place; ; folder = dirname(folder)) {
    const { mode } = await stat(folder);
    if ((mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
