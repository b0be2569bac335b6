import fc from "fast-check";
import { expect, test } from "vitest";
import { type CandidateRecord, findRecord, readStoppedSink } from "./stopped-sink.ts";

const trace = `org.apache.kafka.connect.errors.ConnectException: Exiting WorkerSinkTask due to unrecoverable exception.
	at org.apache.kafka.connect.runtime.WorkerSinkTask.deliverMessages(WorkerSinkTask.java:660)
Caused by: org.apache.kafka.connect.errors.ConnectException: JDBC sink connector failure
	at io.debezium.connector.jdbc.JdbcSinkConnectorTask.put(JdbcSinkConnectorTask.java:105)
Caused by: org.apache.kafka.connect.errors.ConnectException: Failed to flush records for table 'customers'
	... 10 more
Caused by: org.hibernate.exception.ConstraintViolationException: error executing work [Batch entry 2 INSERT INTO public.customers (id,name,note,active) VALUES (('100006'::int8),('it''s (bad), really'),(NULL),('TRUE'::bool)) ON CONFLICT (id) DO UPDATE SET name=EXCLUDED.name was aborted: ERROR: new row for relation "customers" violates check constraint "customers_name_ok"
  Detail: Failing row contains (100006, it's (bad), really, null, t).  Call getNextException to see other errors in the batch.] [n/a]
	at org.hibernate.exception.internal.SQLStateConversionDelegate.convert(SQLStateConversionDelegate.java:97)
Caused by: org.postgresql.util.PSQLException: ERROR: new row for relation "customers" violates check constraint "customers_name_ok"
  Detail: Failing row contains (100006, it's (bad), really, null, t).
	at org.postgresql.core.v3.QueryExecutorImpl.receiveErrorResponse(QueryExecutorImpl.java:2734)
`;

const record = (offset: number, id: number, name: string): CandidateRecord => ({
  topic: "shop.public.customers",
  partition: 1,
  offset,
  key: { id },
  row: { id, name, note: null, active: true },
});

test("names the cause, the table and the row", () => {
  const stopped = readStoppedSink(trace);

  expect(stopped).toMatchObject({ table: "public.customers", kind: "insert" });
  expect(stopped.cause.id).toBe("check");
  expect(stopped.message).toContain('violates check constraint "customers_name_ok"');
  expect(stopped.message).not.toContain("100006");
  expect(stopped.message).not.toContain("really");
  expect([...(stopped.row ?? [])]).toEqual([
    ["id", "100006"],
    ["name", "it's (bad), really"],
    ["note", null],
    ["active", "TRUE"],
  ]);
});

test("finds the record among its neighbours and among other events of the row", () => {
  const stopped = readStoppedSink(trace);
  const records = [
    record(10, 100005, "x"),
    record(11, 100006, "good"),
    record(12, 100006, "it's (bad), really"),
    record(13, 100006, "later"),
  ];

  expect(findRecord(stopped, records)).toMatchObject({ record: { offset: 12 }, certain: true });
});

test("two events that agree equally are not told apart: the first is meant, without certainty", () => {
  const stopped = readStoppedSink(trace);
  const twice = [record(12, 100006, "it's (bad), really"), record(14, 100006, "it's (bad), really")];

  expect(findRecord(stopped, twice)).toMatchObject({ record: { offset: 12 }, certain: false });
});

test("no event of that row: no guess", () => {
  expect(findRecord(readStoppedSink(trace), [record(1, 5, "it's (bad), really")])).toBeUndefined();
});

test.each([
  [
    "a delete",
    'Batch entry 0 DELETE FROM "public"."orders" WHERE "id"=(\'7\'::int8) was aborted: ERROR: x',
    { table: "public.orders", kind: "delete" },
    [["id", "7"]],
  ],
  [
    "an update",
    "Batch entry 0 UPDATE orders SET total=('9.5'::numeric),state=('a, b') WHERE id=(3) was aborted: x",
    { table: "orders", kind: "update" },
    [
      ["total", "9.5"],
      ["state", "a, b"],
      ["id", "3"],
    ],
  ],
])("reads %s", (_case, text, expected, row) => {
  const stopped = readStoppedSink(text);

  expect(stopped).toMatchObject(expected);
  expect([...(stopped.row ?? [])]).toEqual(row);
});

test("without a statement the detail of the constraint says which key", () => {
  const stopped = readStoppedSink(
    `a.B: ERROR: insert or update on table "orders" violates foreign key constraint "fk"\n  Detail: Key (customer_id)=(9) is not present in table "customers".\n\tat x.Y.z(Y.java:1)`,
  );

  expect(stopped).toMatchObject({ table: "orders", cause: { id: "foreign-key" } });
  expect([...(stopped.keyDetail ?? [])]).toEqual([["customer_id", "9"]]);
});

test("a sink that may not change tables names the table and no row", () => {
  const stopped = readStoppedSink(
    "org.apache.kafka.connect.errors.ConnectException: JDBC sink connector failure\n\tat a.B.c(B.java:1)\nCaused by: io.debezium.connector.jdbc.AlterException: Cannot alter table customers because schema evolution is disabled\n\tat a.B.c(B.java:1)",
  );

  expect(stopped).toMatchObject({ table: "customers", row: undefined, cause: { id: "missing-column" } });
});

test("whatever stands in a trace, reading it ends", () => {
  const piece = fc.constantFrom(
    "Batch entry 0 INSERT INTO t (a) VALUES (",
    "'",
    "''",
    "(",
    ")",
    " was aborted",
    "Key (a)=(",
    ") already exists",
    "\nCaused by: ",
    "x=1 and ",
    "UPDATE t SET ",
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }),
      (pieces) => readStoppedSink(pieces.join("")).message.length >= 0,
    ),
  );
});
