import { afterAll, beforeAll, expect, test } from "vitest";
import { storeObserved } from "#server/testing/observed-connector.ts";
import { an } from "#server/testing/stack.ts";
import { createRule } from "./change-rules.ts";
import { previewRule } from "./preview-rule.ts";
import { replayByRules } from "./replay-by-rules.ts";
import { type LettersLab, startLettersLab } from "./testing/letters-lab.ts";

let lab: LettersLab;
const engineer = an("engineer", "ada");

beforeAll(async () => {
  lab = await startLettersLab();
});
afterAll(() => lab?.stop());

/** A passing fault that is over: nothing failed for a while, and the sink runs and delivers. */
async function passed(sink: string, atMost: number): Promise<void> {
  const { deps } = lab.stack;
  const { pool } = deps;
  await pool.query(
    "update dead_letter_groups set cause = 'conflict', last_seen = now() - interval '10 minutes' where connector = $1",
    [sink],
  );
  await storeObserved(deps, {
    name: sink,
    type: "sink",
    tasks: [{ id: 0, state: "RUNNING", worker: "w" }],
  });
  await pool.query(
    `insert into dead_letter_traffic (cluster, connector, table_name, minute, source, delivered)
     select g.cluster, g.connector, g.table_name, now() - ago, 'shop', total from dead_letter_groups g,
            (values (interval '11 minutes', 10), (interval '1 minute', 15)) as seen(ago, total) where g.connector = $1`,
    [sink],
  );
  const rule = {
    name: "it passes",
    match: { connector: sink },
    action: { do: "replay" as const, atMost, quietMinutes: 5 },
  };
  const { token } = await previewRule(deps, engineer, rule);
  await createRule(deps, engineer, { rule, enabled: true, previewed: token });
}

async function hits(sink: string) {
  const { rows } = await lab.stack.deps.pool.query<{
    records: number;
    plan_id: string | null;
    outcome: string;
  }>(
    `select h.records::int, h.plan_id, h.outcome from dead_letter_rule_hits h
       join dead_letter_groups g on g.id = h.group_id where g.connector = $1`,
    [sink],
  );
  return rows;
}

test("older records that must not be sent hold up no newer ones; a refusal forgets neither what was sent nor by which plan", async () => {
  const { original, connector, done } = await lab.letters(4);
  done();
  const { deps } = lab.stack;
  await lab.kafka.produce(
    original,
    [0, 1].map((index) => ({ key: `k${index}`, value: "newer" })),
  );
  await passed(connector, 3);
  await deps.pool.query(
    "update dead_letter_rules set rule = jsonb_set(rule, '{action,atMost}', '2') where rule -> 'match' ->> 'connector' = $1",
    [connector],
  );

  expect(await replayByRules(deps)).toBe(1);
  const [sent] = await hits(connector);
  expect(sent).toMatchObject({ records: 2, plan_id: expect.any(String) });
  const { rows: items } = await deps.pool.query(
    `select letter.original_offset::int as "offset" from dead_letter_replay_items item
       join dead_letter_replays replay on replay.id = item.replay_id and replay.plan_id = $1
       join dead_letters letter on letter.id = item.dead_letter_id order by 1`,
    [sent?.plan_id],
  );
  expect(items).toEqual([{ offset: 2 }, { offset: 3 }]);

  await deps.pool.query("update runs set state = 'succeeded', ended_at = now() where plan_id = $1", [
    sent?.plan_id,
  ]);
  await deps.pool.query(
    "update dead_letter_rules set rule = jsonb_set(rule, '{action,atMost}', '5') where rule -> 'match' ->> 'connector' = $1",
    [connector],
  );
  await lab.kafka.produce(
    original,
    [2, 3].map((index) => ({ key: `k${index}`, value: "newer" })),
  );
  expect(await replayByRules(deps)).toBe(0);
  const refused = await hits(connector);
  expect(refused).toEqual([{ ...sent, outcome: expect.stringContaining("Not sent: None of these") }]);
  const { rows: plans } = await deps.pool.query("select count(*)::int as n from plans");
  expect(await replayByRules(deps)).toBe(0);
  expect((await deps.pool.query("select count(*)::int as n from plans")).rows).toEqual(plans);
});

test("two workers at once: one of them does the round, and its plan is the one that is kept", async () => {
  const { connector, done } = await lab.letters(2);
  done();
  await passed(connector, 1);

  const started = await Promise.all([replayByRules(lab.stack.deps), replayByRules(lab.stack.deps)]);

  expect(started.sort()).toEqual([0, 1]);
  expect(await hits(connector)).toMatchObject([
    { records: 1, plan_id: expect.any(String), outcome: "1 records are sent again" },
  ]);
});
