import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Rule } from "#domain/dead-letters/rules.ts";
import { an } from "#server/testing/stack.ts";
import { applyRules } from "./apply-rules.ts";
import { createRule, deleteRule } from "./change-rules.ts";
import { moveRecords } from "./move-records.ts";
import { previewRule } from "./preview-rule.ts";
import { ignoreRecords, inTransaction, reopenRecords } from "./settle-records.ts";
import { type LettersLab, startLettersLab } from "./testing/letters-lab.ts";

let lab: LettersLab;
const operator = an("operator", "olga");

beforeAll(async () => {
  lab = await startLettersLab();
});
afterAll(() => lab?.stop());

async function save(rule: Rule): Promise<number> {
  const { token } = await previewRule(lab.stack.deps, operator, rule);
  return (await createRule(lab.stack.deps, operator, { rule, enabled: true, previewed: token })).id;
}

async function group(where: string, value: unknown) {
  const { rows } = await lab.stack.deps.pool.query<{
    id: string;
    status: string;
    open: number;
    resolved_at: Date | null;
    suggestion: string | null;
  }>(`select id, status, open::int, resolved_at, suggestion from dead_letter_groups where ${where} = $1`, [
    value,
  ]);
  return rows[0];
}

/** A group by itself, as it was before records move into it. */
async function made(name: string, values: Record<string, unknown>): Promise<number> {
  const { rows } = await lab.stack.deps.pool.query<{ id: string }>(
    `insert into dead_letter_groups
     select (jsonb_populate_record(g, $2::jsonb || jsonb_build_object('id', nextval('dead_letter_groups_id_seq'), 'fingerprint', $1::text,
             'records', 0, 'open', 0))).* from dead_letter_groups g order by g.id limit 1 returning id`,
    [name, JSON.stringify(values)],
  );
  return Number(rows[0]?.id);
}

test("records that are moved change a group as if they had arrived there: it wakes, has come back, or is resolved", async () => {
  const { deps } = lab.stack;
  const { connector, list, done } = await lab.letters(2);
  done();
  const ids = (await list()).rows.map(({ id }) => id);
  const from = Number((await group("connector", connector))?.id);
  const yesterday = new Date(Date.now() - 24 * 3_600_000).toISOString();
  const muted = await made("muted", { status: "muted", mute_until_count: 2 });
  const resolved = await made("resolved", { status: "resolved", resolved_at: yesterday });
  const fresh = await made("fresh", { status: "open" });
  const move = (at: number, to: number) =>
    inTransaction(deps.pool, (client) =>
      moveRecords(
        client,
        at,
        ids.map((id) => ({ id, to })),
        { isHome: false, at: deps.now() },
      ),
    );

  expect(await move(from, muted)).toBe(2);
  expect(await group("id", muted)).toMatchObject({ status: "open", open: 2 });

  await move(muted, resolved);
  expect(await group("id", resolved)).toMatchObject({ status: "regressed", open: 2 });

  await ignoreRecords(deps, operator, { selection: { ids }, reason: "test" });
  await move(resolved, fresh);
  expect(await group("id", fresh)).toMatchObject({
    status: "resolved",
    open: 0,
    resolved_at: expect.any(Date),
  });
});

test("a suggestion goes with its rule; a resolved group is muted once it is open; a rule that has acted asks for nothing more", async () => {
  const { deps } = lab.stack;
  const { connector, list, done } = await lab.letters(1);
  done();
  const match = { connector };
  const suggests = await save({
    name: "suggest",
    match,
    action: { do: "suggest", text: "Ask the night team" },
  });
  expect(await applyRules(deps)).toBe(1);
  expect(await group("connector", connector)).toMatchObject({ suggestion: "Ask the night team" });

  const selection = { ids: (await list()).rows.map(({ id }) => id) };
  await ignoreRecords(deps, operator, { selection, reason: "test" });
  await save({ name: "mute", match, action: { do: "mute", untilTimes: 5 } });
  expect(await applyRules(deps)).toBe(0);
  await reopenRecords(deps, operator, { selection, reason: "test" });
  expect(await applyRules(deps)).toBe(1);
  expect(await group("connector", connector)).toMatchObject({ status: "muted" });

  const connections = vi.spyOn(deps.pool, "connect");
  expect(await applyRules(deps)).toBe(0);
  const transactions = connections.mock.calls.filter(([callback]) => callback === undefined).length;
  connections.mockRestore();
  expect(transactions).toBe(1);

  await deleteRule(deps, operator, { id: suggests });
  expect(await applyRules(deps)).toBe(1);
  expect(await group("connector", connector)).toMatchObject({ suggestion: null, status: "muted" });
});
