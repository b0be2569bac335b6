import { expect, test } from "vitest";
import { connectFailure } from "./failures.ts";

const told = (status: number, message: string) => connectFailure("lab", status, { message });

test.each([
  [409, "Cannot complete request because of a conflicting operation (e.g. worker rebalance)"],
  [409, "Cannot complete request momentarily due to stale configuration"],
  [500, "Request cannot be completed because a rebalance is expected"],
])("%i “%s” passes by itself and may be asked again", (status, message) => {
  expect(told(status, message)).toMatchObject({
    code: "conflict",
    retryable: true,
    message: expect.stringContaining("Kafka Connect of lab is rebalancing"),
  });
});

test("a name already taken stays taken", () => {
  expect(told(409, "Connector shop-source already exists")).toMatchObject({
    code: "conflict",
    retryable: false,
  });
});

test("what Connect refuses for good is not asked again", () => {
  expect(told(500, "Failed to find any class that implements Connector")).toMatchObject({
    code: "upstream_rejected",
    retryable: false,
  });
  expect(told(404, "Connector a not found")).toMatchObject({ code: "not_found" });
});

test("a worker that is not up yet is named, and may be asked again", () => {
  expect(told(503, "starting")).toMatchObject({ code: "upstream_unavailable", retryable: true });
  expect(told(500, "Request timed out. The worker is currently ensuring membership")).toMatchObject({
    code: "upstream_unavailable",
    retryable: true,
  });
});
