import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { WORKER_PROCESS } from "./worker-process.ts";

const IMAGE = "lab/containers/headgate.Dockerfile";
const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test.each(["package.json", IMAGE, "docker-compose.yml"])(
  "%s starts a worker with the same options",
  (path) => {
    expect(textOf(path)).toContain(WORKER_PROCESS.args.join(" "));
  },
);

test.each(["package.json", IMAGE])("%s gives a worker the same environment", (path) => {
  for (const [name, value] of Object.entries(WORKER_PROCESS.env))
    expect(textOf(path)).toContain(`${name}=${value}`);
});
