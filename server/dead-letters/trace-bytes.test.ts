import { expect, test } from "vitest";
import { splitTrace } from "#domain/dead-letters/exception-chain.ts";
import { TraceBytes } from "./trace-bytes.ts";

const frame = "\tat io.example.Sink.put(Sink.java:42)\n";

test.each([
  ["no trace", ""],
  ["a single exception", `io.example.Failure: bad row\n${frame}`],
  ["causes", `a.Outer: tolerance exceeded\n${frame}Caused by: b.Inner: row 7\n${frame}\t... 3 more\n`],
  ["a message of several lines", `a.Outer: first\nDetail: (7, 'x').\n${frame}`],
  ["letters beyond ASCII", `a.Outer: Straße „Größe“ 東京\n${frame}Caused by: b.Inner: naïve 🙂\n${frame}`],
  ["a message without frames", "a.Outer: nothing more"],
])("bytes of a trace say the same as its text: %s", (_name, trace) => {
  const [bytes, text] = [splitTrace(new TraceBytes(Buffer.from(trace))), splitTrace(trace)];

  expect(bytes.chain).toEqual(text.chain);
  expect(bytes.frames()).toBe(text.frames());
});
