import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { BrowserContext } from "@playwright/test";

const FILE = ".headgate/test-results/replies.bin";

/** Keeps every reply body of Headgate that this browser gets, so that the last journey can search them. */
export function recordReplies(context: BrowserContext, baseURL: string): void {
  mkdirSync(dirname(FILE), { recursive: true });
  context.on("response", (response) => {
    if (!response.url().startsWith(baseURL) || response.url().includes("/_next/static/")) return;
    response
      .body()
      .then((body) =>
        appendFileSync(
          FILE,
          Buffer.concat([Buffer.from(`\n${response.url()}\n${JSON.stringify(response.headers())}\n`), body]),
        ),
      )
      // Redirects and streams that the page left have no body to read.
      .catch(() => undefined);
  });
}

export function forgetReplies(): void {
  rmSync(FILE, { force: true });
}

export function recordedReplies(): Buffer {
  return existsSync(FILE) ? readFileSync(FILE) : Buffer.alloc(0);
}
