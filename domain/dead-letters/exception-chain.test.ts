import { expect, test } from "vitest";
import { rootLink, splitTrace } from "./exception-chain.ts";

const trace = `org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler
	at org.apache.kafka.connect.runtime.errors.RetryWithToleranceOperator.execAndHandleError(RetryWithToleranceOperator.java:260)
	at java.base/java.lang.Thread.run(Thread.java:840)
Caused by: org.apache.kafka.connect.errors.DataException: Failed to deserialize topic shop.public.orders:
second line
	at io.apicurio.Converter.toConnectData(Converter.java:10)
	... 13 more
Caused by: java.nio.BufferUnderflowException
	at java.base/java.nio.Buffer.nextGetIndex(Buffer.java:707)
	... 21 more
`;

test("splits a trace into its exceptions and its frames", () => {
  const { chain, frames } = splitTrace(trace);

  expect(chain).toEqual([
    {
      exception: "org.apache.kafka.connect.errors.ConnectException",
      message: "Tolerance exceeded in error handler",
    },
    {
      exception: "org.apache.kafka.connect.errors.DataException",
      message: "Failed to deserialize topic shop.public.orders:\nsecond line",
    },
    { exception: "java.nio.BufferUnderflowException", message: "" },
  ]);
  expect(frames()).toContain("Caused by: java.nio.BufferUnderflowException\n\tat java.base/java.nio.Buffer");
  expect(frames()).not.toContain("second line");
});

test("frames are the same whatever the messages say", () => {
  const other = splitTrace(trace.replace("second line", "another\nthird"));

  expect(splitTrace(trace).frames()).toBe(other.frames());
  expect(splitTrace(trace).signature).toBe(other.signature);
  expect(splitTrace(trace.replace("Converter.java:10", "Converter.java:11")).signature).not.toBe(
    other.signature,
  );
});

test("the root is the innermost exception that says something", () => {
  expect(rootLink(splitTrace(trace).chain).exception).toBe("org.apache.kafka.connect.errors.DataException");
});

test("a megabyte of trace is cut, not chewed", () => {
  const long = `${"a.B: x\n"}${"\tat a.B.c(B.java:1)\n".repeat(60_000)}`;
  const started = performance.now();

  const { frames } = splitTrace(long);

  expect(frames().length).toBeLessThan(17_000);
  expect(performance.now() - started).toBeLessThan(100);
});

test.each(["", "\n", "not a trace", "Caused by: ", "\tat only.frames(Here.java:1)"])(
  "%j is read as what it is",
  (text) => {
    expect(() => splitTrace(text)).not.toThrow();
  },
);
