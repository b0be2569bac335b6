import pino from "pino";
import { expect, test } from "vitest";
import type { PlanKind, StepContext } from "./plan-kind.ts";
import { performStep } from "./run-step.ts";
import { QUICK_TIMING } from "./testing/quick-timing.ts";

test("looking where a step stands waits for a state database that restarts", async () => {
  const away = Object.assign(new Error("terminating connection"), { code: "57P01" });
  let looks = 0;
  const kind: PlanKind = {
    kind: "test",
    permission: "console:view",
    approvePermission: "console:view",
    runStep: () => Promise.reject(new Error("the step was done already")),
    async settleStep() {
      looks += 1;
      if (looks < 3) throw away;
      return { state: "succeeded", message: "it is there" };
    },
  };
  const context = {
    signal: new AbortController().signal,
    workerSignal: new AbortController().signal,
  } as StepContext;

  const result = await performStep(
    {
      kind,
      step: { key: "a", title: "A", input: {} },
      context,
      settleContext: context,
      retry: QUICK_TIMING.retry,
      log: pino({ level: "silent" }),
      mark: async () => undefined,
      acted: async () => undefined,
    },
    true,
  );

  expect(result).toEqual({ state: "succeeded", message: "it is there" });
});
