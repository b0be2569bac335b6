import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { MOST_REREAD, type ProposeRereadInput, type RereadStep } from "#domain/dead-letters/reread-input.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { proposePlan } from "#server/plans/propose-plan.ts";
import { findRereadSource } from "#server/reread/find-reread-source.ts";
import { selectionSql } from "./settle-records.ts";

interface SelectedLetter {
  id: string;
  connector: string;
  original_topic: string | null;
  key_hash: string | null;
}

/** Freezes which rows are read again from their source: the repair for events that a newer one has superseded. */
export async function proposeReread(
  deps: Pick<Deps, "db" | "pool" | "planKinds" | "now" | "connect" | "cluster">,
  actor: Actor,
  { cluster, selection }: ProposeRereadInput,
): Promise<{ planId: string }> {
  requirePermission(actor, "dead-letters:repair");
  const { text, values } = await selectionSql(deps, selection, deps.now());
  const { rows } = await deps.pool.query<SelectedLetter>(
    `select d.id, g.connector, d.original_topic, d.key_hash
       from dead_letters d join dead_letter_groups g on g.id = d.group_id and g.cluster = $${values.length + 1}
      where d.status = 'PENDING' and ${text} order by d.id limit ${MOST_REREAD + 1}`,
    [...values, cluster],
  );
  if (rows.length === 0)
    throw new AppError("precondition_failed", "No open dead letter of this cluster is selected");
  if (rows.length > MOST_REREAD)
    throw new AppError(
      "invalid",
      `At most ${MOST_REREAD} records at once; narrow the selection, or read the whole table again with a snapshot`,
    );
  const tables = new Map<string, RereadStep & { keys: Set<string> }>();
  for (const row of rows) {
    if (row.original_topic === null || row.key_hash === null) continue;
    const place = `${row.original_topic} ${row.connector}`;
    const table = tables.get(place) ?? {
      cluster,
      topic: row.original_topic,
      sink: row.connector,
      ids: [],
      keys: new Set<string>(),
    };
    table.ids.push(Number(row.id));
    table.keys.add(row.key_hash);
    tables.set(place, table);
  }
  const records = [...tables.values()].reduce((sum, { ids }) => sum + ids.length, 0);
  if (records === 0)
    throw new AppError(
      "precondition_failed",
      "None of these records has a key and a topic it came from, so their rows cannot be found in the source",
    );
  const sources = await Promise.all(
    [...new Set([...tables.values()].map(({ topic }) => topic))].map((topic) =>
      findRereadSource(deps, { cluster, topic }),
    ),
  );
  const distinct = [...tables.values()].reduce((sum, { keys }) => sum + keys.size, 0);
  const topics = sources.map(({ topic }) => topic);
  const { id } = await proposePlan(deps, actor, {
    kind: "dead-letters.reread",
    title: `Read ${distinct} ${distinct === 1 ? "row" : "rows"} of ${topics.length === 1 ? topics[0] : `${topics.length} tables`} again from the source`,
    subject: { cluster, topics: topics.slice(0, 5).join(", ") },
    level: records > 100 ? 2 : 1,
    counts: { rows: distinct, records, "left out": rows.length - records },
    confirmCount: "rows",
    locks: topics.map((topic) => `dead-letters:${cluster}/${topic}`),
    consequences: [
      {
        severity: "info",
        text: `${[...new Set(sources.map(({ connector }) => connector))].join(", ")} reads these rows as they are now and sends them as snapshot events; nothing is written to the source.`,
      },
      {
        severity: "warning",
        text: "Every consumer of the tables' topics receives them, not only the sink that failed.",
      },
      {
        severity: "info",
        text: "A record is resolved once the sink has written its row and, where both databases can be read, the target equals the source.",
      },
      ...(rows.length > records
        ? [
            {
              severity: "warning" as const,
              text: `${rows.length - records} records have no key or do not say which event failed; they stay open.`,
            },
          ]
        : []),
    ],
    steps: [...tables.values()].map(({ keys: _keys, ...step }, index) => ({
      key: `table-${index + 1}`,
      title: `Read rows of ${step.topic} again and wait until ${step.sink} has written them`,
      input: step,
    })),
  });
  return { planId: id };
}
