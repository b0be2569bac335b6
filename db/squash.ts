import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

/**
 * Before the first release there is one migration: the whole schema, made anew from db/schema plus db/custom.sql.
 * After the first release this file goes, and migrations are only added (`npm run db:generate`).
 */
rmSync("db/migrations", { recursive: true, force: true });
execFileSync("node_modules/.bin/drizzle-kit", ["generate", "--name", "initial"], { stdio: "inherit" });
const [file] = readdirSync("db/migrations").filter((name) => name.endsWith(".sql"));
if (!file) throw new Error("drizzle-kit wrote no migration");
const path = `db/migrations/${file}`;
writeFileSync(
  path,
  `${readFileSync(path, "utf8")}\n--> statement-breakpoint\n${readFileSync("db/custom.sql", "utf8")}`,
);
