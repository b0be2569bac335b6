import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CAUSES } from "./causes.ts";

test("the runbook has an entry for every cause in the catalogue", () => {
  const runbook = readFileSync(new URL("../../docs/runbooks/dead-letters.md", import.meta.url), "utf8");

  for (const cause of CAUSES) expect(runbook).toContain(`### ${cause.id}: ${cause.title}`);
});
