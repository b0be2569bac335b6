import { expect, test } from "vitest";
import { CAUSES, causeById, causeOf } from "./causes.ts";
import type { FailureStage } from "./schema.ts";

const failed = (
  message: string,
  exceptions: string[] = ["org.apache.kafka.connect.errors.DataException"],
  stage: FailureStage = "TASK_PUT",
) => causeOf({ message, exceptions, stage }).id;

test.each([
  ["quarantined", 'Quarantined by Headgate: #: violates check constraint "x"'],
  ["not-null", 'null value in column "email" of relation "customers" violates not-null constraint'],
  ["not-null", "Column 'email' cannot be null"],
  ["unique", 'duplicate key value violates unique constraint "customers_email_key"'],
  ["unique", "Duplicate entry '…' for key 'customers.email'"],
  ["foreign-key", 'insert or update on table "orders" violates foreign key constraint "orders_customer_fk"'],
  ["check", 'new row for relation "customers" violates check constraint "customers_name_ok"'],
  ["too-long", "value too long for type character varying(#)"],
  ["out-of-range", "integer out of range"],
  ["missing-table", 'relation "public.orders" does not exist'],
  ["missing-column", "Cannot alter table customers because schema evolution is disabled"],
  ["missing-column", 'column "loyalty" of relation "customers" does not exist'],
  ["unknown-schema", "No artifact with ID '…' in group '…' was found. Could not find artifact"],
  ["bad-bytes", "Unknown magic byte!"],
  ["type-mismatch", 'column "n" is of type integer but expression is of type text'],
  ["type-mismatch", 'invalid input syntax for type integer: "…"'],
  ["too-large", "The message is # bytes when serialized which is larger than the maximum request size"],
  ["privilege", "permission denied for table customers"],
  ["conflict", "deadlock detected"],
  ["timeout", "canceling statement due to statement timeout"],
  ["connection", "Connection refused"],
  ["disk-full", "could not extend file: No space left on device"],
  ["other", "something new"],
])("%s: %s", (cause, message) => {
  expect(failed(message)).toBe(cause);
});

test("a converter that fails without a word we know is still a conversion", () => {
  expect(failed("what?", ["a.B"], "VALUE_CONVERTER")).toBe("conversion");
});

test("a transform that fails is named as such", () => {
  expect(failed("boom", ["java.lang.NullPointerException"], "TRANSFORMATION")).toBe("transform");
});

test("every cause says what is likely wrong and what to do, under an id of its own", () => {
  expect(new Set(CAUSES.map((cause) => cause.id)).size).toBe(CAUSES.length);
  for (const cause of CAUSES) expect(cause.action.length * cause.likelyCause.length).toBeGreaterThan(0);
  expect(causeById("gone").id).toBe("other");
});
