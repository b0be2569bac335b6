import { createHash } from "node:crypto";
import { query } from "./databases.ts";

/** Columns whose type differs between source and target by the sink's own mapping are brought to one text form here. */
const AS_TEXT: Record<string, (column: string) => string> = {
  json: (column) => `(${column}::jsonb)::text`,
  jsonb: (column) => `(${column}::jsonb)::text`,
  numeric: (column) => `trim_scale(${column})::text`,
  bytea: (column) => `encode(${column}, 'hex')`,
  "timestamp with time zone": (column) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`,
  inet: (column) => `host(${column})`,
  character: (column) => `rtrim(${column}::text)`,
};

export interface Checksum {
  rows: number;
  digest: string;
}

/** Count, and a digest of every value of every row in one order, computed outside Headgate. */
export async function tableChecksum(database: "shop" | "warehouse", table: string): Promise<Checksum> {
  const columns = await query<{ name: string; type: string }>(
    "shop",
    "select column_name as name, data_type as type from information_schema.columns where table_schema = 'public' and table_name = $1 order by column_name",
    [table],
  );
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const parts = [...types].map(([name, type]) => {
    const column = `"${name}"`;
    const render = database === "shop" || type !== "inet" ? AS_TEXT[type] : undefined;
    return `coalesce(${render ? render(column) : `${column}::text`}, '<null>')`;
  });
  const rows = await query<{ line: string }>(
    database,
    `select concat_ws('|', ${parts.join(", ")}) as line from public."${table}"`,
  );
  const lines = rows.map(({ line }) => line).sort();
  return { rows: lines.length, digest: createHash("sha256").update(lines.join("\n")).digest("hex") };
}
