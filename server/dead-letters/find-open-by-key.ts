import type { Deps } from "#server/deps.ts";

/** Open dead letters of rows of one topic, by key text (`id=42`). The newest counts. */
export async function findOpenByKey(
  { pool }: Pick<Deps, "pool">,
  topic: string,
  keys: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ key_text: string; id: string }>(
    `select key_text, max(id) as id from dead_letters
      where key_text = any($1::text[]) and original_topic = $2 and status = 'PENDING' group by key_text`,
    [keys, topic],
  );
  return new Map(rows.map((row) => [row.key_text, Number(row.id)]));
}
