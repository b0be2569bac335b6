import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";

const Package = z.object({ scripts: z.record(z.string(), z.string()) });

test("a signal to npm reaches what it started: no shell stays between them", () => {
  const { scripts } = Package.parse(JSON.parse(readFileSync("package.json", "utf8")));
  const bootstrapped = Object.values(scripts).filter((script) => script.includes("lab/bootstrap.mjs"));

  expect(bootstrapped).toHaveLength(6);
  expect(bootstrapped.filter((script) => !script.startsWith("exec node "))).toEqual([]);
});
