import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { readEndpoints } from "#lab/endpoints.ts";
import { INSTALLED_BROWSER } from "./installed-browser.ts";
import { signIn } from "./sign-in.ts";

/** `npm run shots`: every screen of the running demo, in both themes, at three widths. */
const { values } = parseArgs({
  options: {
    lab: { type: "string", default: ".headgate/lab" },
    out: { type: "string", default: ".headgate/shots" },
    only: { type: "string" },
  },
});
const SCREENS: Record<string, string> = {
  overview: "/",
  pipelines: "/pipelines",
  pipeline: "/pipelines/lab/shop-source",
  "dead-letters": "/dead-letters",
  "dead-letter-records": "/dead-letters?tab=records",
  "dead-letter-causes": "/dead-letters/causes",
  reconciliation: "/reconciliation",
  "reconciliation-rows": "/reconciliation?tab=rows",
  "reconciliation-checks": "/reconciliation?tab=runs",
  connectors: "/connectors",
  "connector-source": "/connectors/lab/shop-source",
  "connector-configuration": "/connectors/lab/shop-source?tab=configuration",
  "connector-sink": "/connectors/lab/warehouse-sink",
  "connector-edit": "/connectors/lab/warehouse-sink/edit",
  "connector-new": "/connectors/new",
  databases: "/databases",
  "database-new": "/databases/new",
  credentials: "/credentials",
  activity: "/activity",
  audit: "/audit",
  settings: "/settings",
};
const TABLE = { from: "/reconciliation", link: "/reconciliation/tables/" };
/** Screens whose address only a list knows: the first link of that kind there, worst first. */
const FOLLOWED: Record<string, { from: string; link: string; tab?: string }> = {
  "reconciliation-table": TABLE,
  "reconciliation-table-kinds": { ...TABLE, tab: "?show=kinds" },
  "reconciliation-table-checks": { ...TABLE, tab: "?tab=runs" },
  "reconciliation-table-reports": { ...TABLE, tab: "?tab=reports" },
  "reconciliation-table-settings": { ...TABLE, tab: "?tab=settings" },
  "reconciliation-check": { from: "/reconciliation?tab=runs", link: "/reconciliation/runs/" },
};
const WIDTHS = [1440, 1280, 390];

/** Nothing is being read and nothing moves any more; what spins for ever is no movement to wait for. */
function isAtRest(): boolean {
  const moving = document.getAnimations().filter(({ effect, playState }) => {
    const end = effect?.getComputedTiming().endTime;
    return playState === "running" && typeof end === "number" && Number.isFinite(end);
  });
  return moving.length === 0 && document.querySelectorAll("main [aria-busy=true]").length === 0;
}

const { headgateUrl } = readEndpoints(values.lab);
mkdirSync(values.out, { recursive: true });
const browser = await chromium.launch(INSTALLED_BROWSER);
try {
  const context = await browser.newContext({ baseURL: headgateUrl, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto("/sign-in");
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.screenshot({ path: join(values.out, `sign-in-${theme}-1280.png`) });
  }
  await signIn(page, "engineer");
  let taken = 0;
  const isWanted = (name: string) => !values.only || name.startsWith(values.only);
  const followed = await Promise.all(
    Object.entries(FOLLOWED)
      .filter(([name]) => isWanted(name))
      .map(async ([name, { from, link, tab = "" }]) => {
        const list = await context.newPage();
        await list.goto(from);
        const first = list.getByRole("main").locator(`tbody a[href^="${link}"]`).first();
        const href = await first.getAttribute("href", { timeout: 10_000 }).catch(() => null);
        await list.close();
        return href === null ? [] : [[name, `${href}${tab}`] as const];
      }),
  );
  for (const [name, path] of [...Object.entries(SCREENS), ...followed.flat()]) {
    if (!isWanted(name)) continue;
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme });
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: width === 390 ? 844 : 860 });
        await page.goto(path);
        await page.getByRole("main").waitFor();
        // Live pages never fall silent: what is asked first has to be there, not everything that may follow.
        await page.waitForLoadState("load");
        await page.evaluate(async () => {
          await document.fonts.ready;
        });
        await page.waitForFunction(isAtRest);
        await page.screenshot({ path: join(values.out, `${name}-${theme}-${width}.png`) });
        taken += 1;
      }
    }
  }
  process.stdout.write(`${taken} pictures are in ${values.out}\n`);
} finally {
  await browser.close();
}
