import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { type Browser, chromium, type Page } from "@playwright/test";
import pg from "pg";
import { INSTALLED_BROWSER } from "#e2e/support/installed-browser.ts";
import { signIn } from "#e2e/support/sign-in.ts";
import { numberInTable } from "#e2e/support/table-cell.ts";
import { type Endpoints, readAdminUrls } from "#lab/endpoints.ts";
import { runHeadgateOnLab } from "#lab/run-headgate.ts";
import { seedDemoPipeline } from "#lab/seed-demo.ts";
import { startLab } from "#lab/supervisor.ts";
import { ensureBuild } from "#server/start/build.ts";
import type { Headgate } from "#server/start/processes.ts";
import { type Bench, type Figure, percentile } from "./harness.ts";

const TRAFFIC = 200;
const COMMITS = 40;
const COLD_STARTS = 3;
/** Long enough for start-up garbage to be gone, short against a working day. */
const IDLE_SECONDS = 60;

export const bench: Bench = {
  name: "foundation",
  about: "start-up, memory, the way of one commit to the pipeline page, and the weight of the first page",
  ownsEngines: true,
  async run(say) {
    await ensureBuild(say);
    const lab = await startLab({ dir: ".headgate/bench", portBase: 19_600, traffic: 0, onProgress: say });
    let headgate: Headgate | undefined;
    let browser: Browser | undefined;
    try {
      const { endpoints } = lab;
      const rows = await countRows(endpoints);
      say(`data: the lab's shop, 8 tables, ${rows.toLocaleString("en")} rows`);
      const starts: number[] = [];
      for (let round = 0; round < COLD_STARTS; round += 1) {
        await headgate?.stop();
        const startedAt = new Date();
        const began = performance.now();
        headgate = await runHeadgateOnLab(endpoints, { say: () => undefined });
        await workerReported(endpoints, startedAt);
        starts.push((performance.now() - began) / 1000);
        if (round === 0) await seedDemoPipeline(endpoints, say);
      }
      if (!headgate) throw new Error("Headgate was not started");
      say(`cold starts: ${starts.map((value) => value.toFixed(2)).join(", ")} s`);
      say(`waiting ${IDLE_SECONDS} s for the pipeline to settle and the processes to idle …`);
      await pause(IDLE_SECONDS * 1000);
      const webMb = residentMb(headgate.web.pid);
      const workerMb = residentMb(headgate.worker.pid);
      say(`idle memory: web ${webMb.toFixed(0)} MB, worker ${workerMb.toFixed(0)} MB`);

      browser = await chromium.launch(INSTALLED_BROWSER);
      const context = await browser.newContext({
        baseURL: endpoints.headgateUrl,
        viewport: { width: 1280, height: 800 },
      });
      const page = await context.newPage();
      await signIn(page, "engineer");
      const list = await measureList(await context.newPage());
      await lab.setTraffic(TRAFFIC);
      say(`traffic: ${TRAFFIC} changes/s asked for`);
      const toPage = await commitsToPage(page, endpoints, say);
      const figures: Figure[] = [
        {
          name: "cold_start_s",
          value: percentile(starts, 0.5),
          unit: "s",
          limit: { atMost: 5 },
          note: `median of ${COLD_STARTS}: web answers healthy and the worker has reported`,
        },
        {
          name: "idle_mb",
          value: webMb + workerMb,
          unit: "MB",
          limit: { atMost: 400 },
          note: "resident, web and worker",
        },
        {
          name: "commit_to_page_p50_s",
          value: percentile(toPage, 0.5),
          unit: "s",
          note: `${COMMITS} commits, until the page counts them as delivered`,
        },
        { name: "commit_to_page_p95_s", value: percentile(toPage, 0.95), unit: "s", limit: { atMost: 3 } },
        {
          name: "first_load_js_kb",
          value: list.scriptKb,
          unit: "kB",
          limit: { atMost: 250 },
          note: "as transferred, connector list",
        },
        {
          name: "list_lcp_ms",
          value: list.lcpMs,
          unit: "ms",
          note: "largest contentful paint, connector list, empty cache",
        },
      ];
      return figures;
    } finally {
      await browser?.close();
      await headgate?.stop();
      await lab.stop();
    }
  },
};

/** The health check is about web alone; a worker says in the database that it is there, once its loops run. */
async function workerReported({ postgres }: Endpoints, since: Date): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.state.url });
  await client.connect();
  try {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      const { rowCount } = await client.query(
        "select from workers where started_at >= $1 and stopped_at is null",
        [since],
      );
      if (rowCount) return;
      await pause(50);
    }
  } finally {
    await client.end();
  }
  throw new Error("no worker reported within 60 s");
}

async function measureList(page: Page): Promise<{ scriptKb: number; lcpMs: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  const scripts = new Set<string>();
  let bytes = 0;
  session.on("Network.responseReceived", ({ requestId, type }) => {
    if (type === "Script") scripts.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  await page.addInitScript(() => {
    new PerformanceObserver((entries) => {
      for (const entry of entries.getEntries()) Object.assign(globalThis, { largestPaint: entry.startTime });
    }).observe({ type: "largest-contentful-paint", buffered: true });
  });
  await page.goto("/connectors");
  await page.getByRole("link", { name: "warehouse-sink" }).first().waitFor();
  await page.waitForLoadState("networkidle").catch(() => undefined);
  const lcpMs = await page.evaluate(() => (globalThis as { largestPaint?: number }).largestPaint);
  if (lcpMs === undefined || bytes === 0) throw new Error("the browser reported no paint or no script");
  await page.close();
  return { scriptKb: bytes / 1000, lcpMs };
}

/** The traffic leaves `manuals` alone, so each of our commits is the next number in its row on the page. */
async function commitsToPage(
  page: Page,
  endpoints: Endpoints,
  say: (line: string) => void,
): Promise<number[]> {
  await page.goto("/pipelines/lab/shop-source");
  const delivered = () => numberInTable(page, "public.manuals", "Delivered");
  const shop = new pg.Client({ connectionString: readAdminUrls(endpoints).shop });
  await shop.connect();
  const seconds: number[] = [];
  try {
    let before = await until(delivered, (value) => value !== undefined);
    for (let round = 0; round < COMMITS; round += 1) {
      await shop.query(
        "update manuals set revision = revision + 1, updated_at = now() where id = (select min(id) from manuals)",
      );
      const committed = performance.now();
      before = await until(delivered, (value) => value !== undefined && value > (before ?? 0));
      seconds.push((performance.now() - committed) / 1000);
      await pause(200 + 37 * (round % 10));
    }
  } finally {
    await shop.end();
  }
  say(`commit to page: ${seconds.map((value) => value.toFixed(2)).join(" ")}`);
  return seconds;
}

/** Looks at the page twenty times a second, as long as a reader would put up with. */
async function until<T>(look: () => Promise<T>, is: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = await look();
    if (is(value)) return value;
    if (Date.now() > deadline) throw new Error("the page did not show the commit within 30 s");
    await pause(50);
  }
}

async function countRows(endpoints: Endpoints): Promise<number> {
  const client = new pg.Client({ connectionString: readAdminUrls(endpoints).shop });
  await client.connect();
  try {
    const { rows } = await client.query<{ n: string }>(
      "select sum((xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I', relname), false, true, '')))[1]::text::bigint) as n from pg_stat_user_tables where schemaname = 'public'",
    );
    return Number(rows[0]?.n);
  } finally {
    await client.end();
  }
}

function residentMb(pid: number | undefined): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  if (!match) throw new Error(`no memory figure for process ${pid}`);
  return Number(match[1]) / 1024;
}
