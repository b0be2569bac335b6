import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";
import { INSTALLED_BROWSER } from "./e2e/support/installed-browser.ts";
import { endpointsFile, readEndpoints } from "./lab/endpoints.ts";

/** Journeys run against the build, served on the lab's engines; `npm test` provides both. */
const dir = process.env.HEADGATE_LAB_DIR ?? ".headgate/test";
// Other tools load this file too, so a missing lab is told by the first navigation and not here.
const labUrl = existsSync(endpointsFile(dir))
  ? readEndpoints(dir).headgateUrl
  : "http://start-the-lab-first.invalid";
const baseURL = process.env.HEADGATE_E2E_URL ?? labUrl;

export default defineConfig({
  testDir: "e2e",
  outputDir: ".headgate/test-results/journeys",
  fullyParallel: false,
  workers: 1,
  // In this order, against one Headgate and one lab: the others stand on the pipeline that the first leaves.
  projects: [
    { name: "foundation", testMatch: "foundation.spec.ts" },
    { name: "journeys", testIgnore: ["foundation.spec.ts", "secrets.spec.ts"] },
    { name: "secrets", testMatch: "secrets.spec.ts" },
  ],
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["json", { outputFile: ".headgate/test-results/e2e.json" }]],
  use: {
    baseURL,
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    viewport: { width: 1280, height: 800 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: INSTALLED_BROWSER,
  },
  ...(process.env.HEADGATE_E2E_URL
    ? {}
    : {
        webServer: {
          command: "node lab/serve.ts",
          url: `${baseURL}/api/health`,
          timeout: 240_000,
          gracefulShutdown: { signal: "SIGTERM", timeout: 20_000 },
        },
      }),
});
