import { TRPCClientError } from "@trpc/client";
import { expect, test } from "vitest";
import type { ErrorCode } from "#domain/errors/app-error.ts";
import type { AppRouter } from "#server/api/root.ts";
import { describeError, explainError } from "./describe-error.ts";

function apiError(reason: ErrorCode | null, message: string, data: object = {}) {
  return TRPCClientError.from<AppRouter>({
    error: {
      message,
      code: -32603,
      data: { code: "X", httpStatus: 500, reason, retryable: false, problems: [], upstream: null, ...data },
    },
  } as unknown as Parameters<typeof TRPCClientError.from>[0]);
}

test("an outage names the system that is down and invites a retry", () => {
  const words = explainError(
    apiError("upstream_unavailable", "No answer within 10 s", { retryable: true, upstream: "Kafka Connect" }),
  );

  expect(words).toMatchObject({ title: "Kafka Connect does not answer", retryable: true });
});

test("a refusal is quoted with who refused", () => {
  const text = describeError(
    apiError("upstream_rejected", "Connector orders already exists", { upstream: "Kafka Connect" }),
  );

  expect(text).toBe("Kafka Connect refused: Connector orders already exists");
});

test("what the server phrased for the person is shown alone", () => {
  expect(describeError(apiError("conflict", "orders is stopped; resume it first"))).toBe(
    "orders is stopped; resume it first",
  );
});

test("no reply at all is told apart from a refusal", () => {
  const error = TRPCClientError.from(new TypeError("fetch failed"));

  expect(explainError(error)).toMatchObject({ reason: "unreachable", retryable: true });
});

test("our own bug keeps its reference", () => {
  expect(
    describeError(
      apiError(null, "Something went wrong on our side. Reference ab12cd34", {
        code: "INTERNAL_SERVER_ERROR",
      }),
    ),
  ).toContain("ab12cd34");
});
