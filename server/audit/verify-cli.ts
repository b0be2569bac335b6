import { parseArgs } from "node:util";
import { openDb, openPool } from "#db/client.ts";
import { readEnv } from "#server/env.ts";
import { type ChainNote, verifyChain } from "./verify.ts";

const USAGE = `usage: npm run audit:verify -- [--expect SEQ:HASH] [--json]

Recomputes every hash of the audit trail in DATABASE_URL and writes nothing.
Exits with 0 when the trail is intact, 1 when an entry was changed, removed or cut off, 2 when it could not be read.
Note the last number and hash somewhere else, and give them back with --expect: then even somebody
who can rewrite the whole database cannot rewrite what was noted.`;

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 2;
});

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { expect: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const note = values.expect === undefined ? undefined : parseNote(values.expect);
  const env = readEnv();
  if (!env.DATABASE_URL)
    throw new Error("DATABASE_URL is not set: it names the database that holds the trail");
  const pool = openPool(env.DATABASE_URL, 1);
  try {
    const verdict = await verifyChain(openDb(pool), note);
    if (values.json) console.log(JSON.stringify(verdict));
    else if (verdict.state === "intact")
      console.log(
        `The audit trail is intact: ${verdict.entries} entries.\nLast: ${verdict.lastSeq}:${verdict.lastHash}`,
      );
    else
      console.error(
        `The audit trail is BROKEN at entry ${verdict.seq}: ${verdict.message}.\n${verdict.entries} entries before it are in order.`,
      );
    return verdict.state === "intact" ? 0 : 1;
  } finally {
    await pool.end();
  }
}

function parseNote(text: string): ChainNote {
  const match = /^(\d+):([0-9a-f]{64})$/.exec(text);
  if (!match?.[1] || !match[2])
    throw new Error(`--expect wants SEQ:HASH as an earlier run printed it, not ${text}`);
  return { seq: Number(match[1]), hash: match[2] };
}
