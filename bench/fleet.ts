import { once } from "node:events";
import { type Browser, chromium, type Page } from "@playwright/test";
import pg from "pg";
import { DEFAULT_SETTINGS } from "#domain/reconciliation/schema.ts";
import { INSTALLED_BROWSER } from "#e2e/support/installed-browser.ts";
import { signIn } from "#e2e/support/sign-in.ts";
import { runHeadgateOnLab } from "#lab/run-headgate.ts";
import { startLab } from "#lab/supervisor.ts";
import { ensureBuild } from "#server/start/build.ts";
import type { Headgate } from "#server/start/processes.ts";
import { type Bench, type Figure, percentile } from "./harness.ts";

const DATABASE = "headgate_fleet";
const TABLES = 500;
const DAYS = 28;
const LOADS = 10;
const STEPS = 100;

export const bench: Bench = {
  name: "fleet",
  about: `the reconciliation page with ${TABLES} tables checked every hour for ${DAYS} days`,
  ownsEngines: true,
  async run(say) {
    await ensureBuild(say);
    const lab = await startLab({ dir: ".headgate/bench", portBase: 19_600, traffic: 0, onProgress: say });
    let headgate: Headgate | undefined;
    let browser: Browser | undefined;
    try {
      headgate = await runHeadgateOnLab(lab.endpoints, { freshDatabase: DATABASE, say: () => undefined });
      // A worker would mark tables that no pipeline carries.
      const ended = once(headgate.worker, "exit");
      headgate.worker.kill("SIGTERM");
      await ended;
      const state = new URL(lab.endpoints.postgres.state.url);
      state.pathname = DATABASE;
      say(`data: ${TABLES} tables, ${(await fill(state.href)).toLocaleString("en")} runs`);
      browser = await chromium.launch(INSTALLED_BROWSER);
      const context = await browser.newContext({
        baseURL: lab.endpoints.headgateUrl,
        viewport: { width: 1280, height: 800 },
      });
      const page = await context.newPage();
      await signIn(page, "analyst");
      const loads: number[] = [];
      for (let round = 0; round < LOADS; round += 1) loads.push(await loadHeatMap(page));
      say(`loads: ${loads.map(Math.round).join(", ")} ms`);
      const steps = await walk(page);
      return [
        {
          name: "heat_map_p95_ms",
          value: percentile(loads, 0.95),
          unit: "ms",
          limit: { atMost: 2_000 },
          note: `from the address to the cells in view, ${LOADS} loads`,
        },
        {
          name: "heat_map_step_p95_ms",
          value: percentile(steps, 0.95),
          unit: "ms",
          limit: { atMost: 100 },
          note: `from an arrow key to the next painted frame, ${STEPS} steps`,
        },
      ] satisfies Figure[];
    } finally {
      await browser?.close();
      await headgate?.stop();
      await lab.stop();
    }
  },
};

/** Returns the number of runs. */
async function fill(stateUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: stateUrl });
  await client.connect();
  try {
    await client.query(
      `insert into reconciliation_tables (cluster, source, name, topic, sink, target, settings, found_at, compared_rows, verified_at, open_unexplained)
       select 'bench', 'source-' || i % 20, 'public.table_' || i, 'topic-' || i, 'sink', 'public.table_' || i,
              $2::jsonb, now(), 1000000, now(), case when i % 25 = 0 then i else 0 end
         from generate_series(1, $1::int) i`,
      [TABLES, DEFAULT_SETTINGS],
    );
    const { rowCount } = await client.query(
      `insert into reconciliation_runs (id, table_id, scope, method, trigger, state, is_verified, requested_by, queued_at, started_at, ended_at,
                                        coverage, unexplained_percent, explained_percent, open_unexplained, open_explained)
       select gen_random_uuid(), t.id, 'incremental', 'checksum', 'schedule', 'COMPLETED', true, '{"id":"bench","name":"bench"}', at, at, at,
              1, case when t.id % 25 = 0 then hour / 1000.0 else 0 end, 0, case when t.id % 25 = 0 then hour else 0 end, 0
         from reconciliation_tables t cross join generate_series(1, $1::int * 24) hour
        cross join lateral (select now() - hour * interval '1 hour' as at) moment`,
      [DAYS],
    );
    await client.query("analyze reconciliation_runs, reconciliation_tables");
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}

/** Milliseconds until the map of all tables is there. */
async function loadHeatMap(page: Page): Promise<number> {
  await page.goto("about:blank");
  const started = performance.now();
  await page.goto("/reconciliation", { waitUntil: "commit" });
  await page.locator(`[role=grid][aria-rowcount="${TABLES}"] [data-cell="0-${DAYS - 1}"]`).waitFor();
  return performance.now() - started;
}

/** Arrow keys through the cells; each step is over when the browser has painted what came of it. */
async function walk(page: Page): Promise<number[]> {
  await page.locator(`[data-cell="0-${DAYS - 1}"]`).focus();
  return page.evaluate(async (count) => {
    const painted = () => new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done)));
    const times: number[] = [];
    for (let step = 0; step < count; step += 1) {
      const key = step % 2 === 0 ? "ArrowDown" : "ArrowLeft";
      const started = performance.now();
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      await painted();
      times.push(performance.now() - started);
    }
    return times;
  }, STEPS);
}
