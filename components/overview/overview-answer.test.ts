import { expect, test } from "vitest";
import { overviewAnswer } from "./overview-answer.ts";

const facts = {
  total: 12,
  byHealth: {},
  silent: [],
  ailing: [],
  unwatched: [],
  clusters: 1,
  brokenPipelines: 0,
};

test.each([
  ["all run", { byHealth: { healthy: 12 } }, "healthy", "Nothing is broken: 12 of 12 connectors run."],
  [
    "some are paused on purpose",
    { byHealth: { healthy: 10, paused: 1, stopped: 1 } },
    "healthy",
    "Nothing is broken: 10 of 12 connectors run, 2 held on purpose.",
  ],
  [
    "failed and degraded, worst first",
    { byHealth: { failed: 2, degraded: 1, healthy: 9 } },
    "failed",
    "2 of 12 connectors failed; 1 degraded.",
  ],
  [
    "an upstream is silent",
    { byHealth: { healthy: 12 }, silent: ["Kafka Connect of eu"] },
    "degraded",
    "Kafka Connect of eu does not answer; connectors are shown as they were last seen.",
  ],
  [
    "failed and two silent",
    { byHealth: { failed: 1, healthy: 11 }, silent: ["Vault of eu", "Kafka of us"] },
    "failed",
    "1 of 12 connectors failed; Vault of eu and Kafka of us do not answer.",
  ],
  [
    "a pipeline lags although its connectors run",
    { byHealth: { healthy: 12 }, brokenPipelines: 1 },
    "degraded",
    "Every connector runs, but 1 pipeline does not deliver as it should.",
  ],
  [
    "Vault is sealed, which is not fine",
    { byHealth: { healthy: 12 }, ailing: ["Vault of eu is sealed"] },
    "degraded",
    "Vault of eu is sealed; 12 of 12 connectors run.",
  ],
  [
    "the pipelines have not been read",
    { byHealth: { healthy: 12 }, brokenPipelines: undefined },
    "unknown",
    "12 of 12 connectors run; what their pipelines deliver is not known yet.",
  ],
  [
    "nobody looks: what was fine may not be",
    { byHealth: { healthy: 12 }, unwatched: ["eu"] },
    "unknown",
    "Nobody watches eu now; connectors are shown as they were last seen.",
  ],
  ["nothing yet", { total: 0 }, "unknown", "No connectors yet on 1 cluster."],
  [
    "some cannot be judged",
    { byHealth: { healthy: 11, unknown: 1 } },
    "unknown",
    "Nothing is known to be broken, but 1 connector could not be judged.",
  ],
] as const)("%s", (_situation, some, status, text) => {
  expect(overviewAnswer({ ...facts, ...some })).toEqual({ status, text });
});
