import { DrizzleQueryError } from "drizzle-orm/errors";
import { expect, test } from "vitest";
import { AppError } from "#domain/errors/app-error.ts";
import { loggableError } from "./loggable-error.ts";
import { VaultFailure } from "./vault/failures.ts";

const ROW = "a row's value\n    at Ada's house";
const logged = (error: unknown) => JSON.stringify(loggableError(error));

test.each([
  ["the parameters of a failed statement", new DrizzleQueryError("insert into t values ($1)", [ROW, 7])],
  [
    "the same below an error of ours",
    new AppError("upstream_unavailable", "away", { cause: new DrizzleQueryError("insert", [ROW]) }),
  ],
  ["what PostgreSQL quotes of a row", Object.assign(new Error("duplicate key"), { detail: ROW, where: ROW })],
  ["a reply of Vault", new VaultFailure("rejected", "refused", { body: { errors: [ROW] } })],
])("%s stays out of the log", (_what, error) => {
  expect(logged(error)).not.toContain("Ada");
});

test("statement, causes and stack stay in it", () => {
  const cause = Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" });
  const error = new AppError("upstream_unavailable", "away", {
    cause: new DrizzleQueryError("select 1", [ROW], cause),
  });

  expect(loggableError(error)).toMatchObject({
    type: "AppError",
    message: "away: Failed query: select 1: connection refused",
    stack: expect.stringContaining("loggable-error.test.ts"),
  });
});

test("what is no error is left as it is", () => {
  expect(loggableError("text")).toBe("text");
});
