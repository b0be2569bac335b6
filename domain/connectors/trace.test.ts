import { describe, expect, test } from "vitest";
import { redactRowData, redactUpstream } from "./redact.ts";
import { parseTrace, rootCauseLine } from "./trace.ts";

const failedBatch = `org.apache.kafka.connect.errors.ConnectException: Exiting WorkerSinkTask due to unrecoverable exception.
\tat org.apache.kafka.connect.runtime.WorkerSinkTask.deliverMessages(WorkerSinkTask.java:637)
\tat java.base/java.lang.Thread.run(Thread.java:840)
Caused by: org.apache.kafka.connect.errors.ConnectException: JDBC sink connector failure
\tat io.debezium.connector.jdbc.JdbcSinkConnectorTask.put(JdbcSinkConnectorTask.java:119)
\t... 12 more
Caused by: org.hibernate.exception.ConstraintViolationException: error executing batch [Batch entry 2 INSERT INTO public.customers (id,name) VALUES (('100006'::int8),('Ada (Bad) Lovelace')) was aborted: ERROR: new row for relation "customers" violates check constraint "chk"
  Detail: Failing row contains (100006, Ada (Bad) Lovelace, ada@example.com).  Call getNextException to see other errors in the batch.]
\tat org.hibernate.exception.internal.SQLStateConversionDelegate.convert(SQLStateConversionDelegate.java:97)
\t... 15 more`;

describe("a failed batch of the JDBC sink", () => {
  const trace = parseTrace(failedBatch);

  test("names the root cause first and Connect's own wrapper last", () => {
    expect(trace.root.exception).toBe("org.hibernate.exception.ConstraintViolationException");
    expect(trace.root.message).toContain('violates check constraint "chk"');
    expect(trace.chain.map((cause) => cause.exception.split(".").at(-1))).toEqual([
      "ConstraintViolationException",
      "ConnectException",
      "ConnectException",
    ]);
    expect(trace.chain.at(-1)?.at).toBe(
      "org.apache.kafka.connect.runtime.WorkerSinkTask.deliverMessages(WorkerSinkTask.java:637)",
    );
  });

  test("holds no value of the row", () => {
    expect(JSON.stringify(trace)).not.toMatch(/100006|Lovelace|ada@example/);
  });

  test("fits in one line", () => {
    expect(rootCauseLine(failedBatch)).toMatch(
      /^ConstraintViolationException: error executing batch \[Batch entry 2 …/,
    );
  });
});

test.each([
  ["a unique key", "Key (email)=(ada@example.com) already exists.", "Key (email)=(…) already exists."],
  [
    "a statement",
    "insert into t (a) values ('x', lower('y')), ('z', 1) on conflict",
    "insert into t (a) values (…) on conflict",
  ],
  [
    "a bad number",
    'invalid input syntax for type integer: "hunter2"',
    'invalid input syntax for type integer: "…"',
  ],
  ["a struct", "Error: Struct{id=5,name=Ada} failed", "Error: Struct{…} failed"],
])("row data of %s goes", (_case, text, expected) => {
  expect(redactRowData(text)).toBe(expected);
});

test.each([
  [
    "the user of a refused login",
    'FATAL: password authentication failed for user "shop_connector"',
    'FATAL: password authentication failed for user "…"',
  ],
  [
    "a password in a setting",
    "url=jdbc:x?user=a&password=hunter2&ssl=true",
    "url=jdbc:x?user=a&password=…&ssl=true",
  ],
  ["what was taken out before is left as it is", "password=[redacted]; x", "password=[redacted]; x"],
  ["userinfo of a URL", "cannot reach postgres://u:p@h:5432/d", "cannot reach postgres://…@h:5432/d"],
])("%s goes", (_case, text, expected) => {
  expect(redactUpstream(text)).toBe(expected);
});

test.each([
  ["text that is no trace", "Something odd", { exception: "", message: "Something odd" }],
  [
    "an exception without a message",
    "java.lang.NullPointerException\n\tat a.B.c(B.java:1)",
    { exception: "java.lang.NullPointerException", message: "" },
  ],
  ["nothing", "", { exception: "", message: "" }],
])("%s still has a root", (_case, text, root) => {
  expect(parseTrace(text).root).toMatchObject(root);
});
