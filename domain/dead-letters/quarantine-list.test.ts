import fc from "fast-check";
import { expect, test } from "vitest";
import type { ConnectorConfig } from "../connectors/schema.ts";
import {
  addToQuarantine,
  type ConfigPatch,
  nextInLine,
  parsePosition,
  passedEntries,
  quarantinedBy,
  removeFromQuarantine,
  withQuarantineOf,
} from "./quarantine-list.ts";
import { positionText } from "./replay-order.ts";

const deadLetters = { topic: "dlq-warehouse", replicationFactor: 3 };
const bad = { topic: "shop.public.customers", partition: 1, offset: 33585 };
const sink: ConnectorConfig = {
  "connector.class": "io.debezium.connector.jdbc.JdbcSinkConnector",
  transforms: "unwrap",
  "transforms.unwrap.type": "io.debezium.transforms.ExtractNewRecordState",
};

const applied = (config: ConnectorConfig, patch: ConfigPatch): ConnectorConfig =>
  Object.fromEntries(
    Object.entries({ ...config, ...patch }).filter((entry): entry is [string, string] => entry[1] !== null),
  );

test("the transform comes first, and what keeps the record from being lost is set", () => {
  expect(addToQuarantine(sink, [bad], "row breaks\na check ${env:X}", deadLetters)).toEqual({
    transforms: "quarantine,unwrap",
    "transforms.quarantine.type": "io.headgate.connect.Quarantine",
    "transforms.quarantine.records": "shop.public.customers-1@33585",
    "transforms.quarantine.reason": "row breaks a check $ {env:X}",
    "errors.tolerance": "all",
    "errors.deadletterqueue.topic.name": "dlq-warehouse",
    "errors.deadletterqueue.topic.replication.factor": "3",
    "errors.deadletterqueue.context.headers.enable": "true",
  });
});

test("a second record joins the list, and nothing that is right already is touched", () => {
  const first = applied(sink, addToQuarantine(sink, [bad], "x", deadLetters));

  expect(addToQuarantine(first, [{ ...bad, offset: 40000 }, bad], "x", deadLetters)).toEqual({
    "transforms.quarantine.records": "shop.public.customers-1@33585,shop.public.customers-1@40000",
  });
});

test("a record that failed for another reason gets a list of its own: each is reported with its own error", () => {
  const first = applied(sink, addToQuarantine(sink, [bad], "x", deadLetters));
  const other = { ...bad, offset: 7 };
  const both = applied(first, addToQuarantine(first, [bad, other], "y", deadLetters));

  expect(both).toMatchObject({
    transforms: "quarantine2,quarantine,unwrap",
    "transforms.quarantine.records": positionText(bad),
    "transforms.quarantine.reason": "x",
    "transforms.quarantine2.records": positionText(other),
    "transforms.quarantine2.reason": "y",
  });
  expect(applied(both, removeFromQuarantine(both, [bad]))).toMatchObject({
    transforms: "quarantine2,unwrap",
    "transforms.quarantine2.records": positionText(other),
  });
  expect(applied(both, removeFromQuarantine(both, [bad, other]))).toEqual({
    ...sink,
    "errors.tolerance": "all",
    "errors.deadletterqueue.topic.name": "dlq-warehouse",
    "errors.deadletterqueue.topic.replication.factor": "3",
    "errors.deadletterqueue.context.headers.enable": "true",
  });
});

test("a transform of another kind that is called quarantine is left alone", () => {
  const config = { transforms: "quarantine", "transforms.quarantine.type": "other.Transform" };

  expect(addToQuarantine(config, [bad], "x", deadLetters).transforms).toBe("quarantine2,quarantine");
});

test("adding and removing in any order ends with exactly the records that were not removed", () => {
  const position = fc.record({
    topic: fc.constantFrom("a.b-c", "d"),
    partition: fc.nat(2),
    offset: fc.nat(5),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), position, fc.constantFrom("x", "y"))), (steps) => {
      let config = sink;
      const expected = new Set<string>();
      for (const [add, record, reason] of steps) {
        config = applied(
          config,
          add
            ? addToQuarantine(config, [record], reason, deadLetters)
            : removeFromQuarantine(config, [record]),
        );
        if (add) expected.add(positionText(record));
        else expected.delete(positionText(record));
      }
      expect(new Set(quarantinedBy(config).map(positionText))).toEqual(expected);
      expect(config.transforms).toMatch(expected.size > 0 ? /^(quarantine2?,){1,2}unwrap$/ : /^unwrap$/);
    }),
  );
});

test("an entry has passed once the group has committed behind it", () => {
  expect(passedEntries([bad], () => 33585)).toEqual([]);
  expect(passedEntries([bad], () => 33586)).toEqual([bad]);
  expect(passedEntries([bad], () => undefined)).toEqual([]);
});

test.each(["", "topic", "topic-1", "topic-1@", "topic@1", "-1@2"])("%j is no position", (text) => {
  expect(parsePosition(text)).toBeUndefined();
});

test("records set aside at the end of a partition are next in line only with nothing else before them", () => {
  const at = (offset: number, partition = 1) => ({ ...bad, partition, offset });
  const committed = (_topic: string, partition: number) => (partition === 1 ? 10 : undefined);

  expect(nextInLine([at(12), at(10), at(11)], committed)).toEqual([at(10), at(11), at(12)]);
  expect(nextInLine([at(10), at(12)], committed)).toEqual([at(10)]);
  expect(nextInLine([at(11)], committed)).toEqual([]);
  expect(nextInLine([at(0, 2)], committed)).toEqual([]);
});

/** All that a patch changed, as a quarantine's own work. */
const workOf = (...patches: ConfigPatch[]) => ({
  keys: new Set(patches.flatMap((patch) => Object.keys(patch))),
  records: new Set([positionText(bad)]),
});

test("what the quarantine changed is what should be live, and a change from outside on top of it stands out", () => {
  const patch = addToQuarantine(sink, [bad], "x", deadLetters);
  const live = applied(sink, patch);

  expect(withQuarantineOf(live, workOf(patch), sink)).toEqual(live);
  const { transforms: _both, ...others } = patch;
  expect(
    withQuarantineOf(
      { ...live, transforms: "quarantine,unwrap,mask", "batch.size": "9" },
      workOf(others),
      sink,
    ),
  ).toEqual(live);
});

test("after the quarantine its settings stay, and a version that was taken during it is no reason to bring it back", () => {
  const patch = addToQuarantine(sink, [bad], "x", deadLetters);
  const during = applied(sink, patch);
  const cleaned = removeFromQuarantine(during, [bad]);
  const live = applied(during, cleaned);

  const { transforms: _transforms, ...settings } = patch;
  expect(withQuarantineOf(live, workOf(settings, cleaned), sink)).toEqual(live);
  expect(withQuarantineOf(live, workOf(cleaned), during)).toEqual(live);
  const { transforms: _moved, ...rest } = cleaned;
  expect(withQuarantineOf({ ...live, transforms: "unwrap,mask" }, workOf(rest), during)).toEqual(live);
});

test("a list that others wrote is not Headgate's, entry by entry", () => {
  const patch = addToQuarantine(sink, [bad], "x", deadLetters);
  const live = applied(sink, addToQuarantine(sink, [bad, { ...bad, offset: 7 }], "x", deadLetters));

  expect(withQuarantineOf(live, { keys: new Set(), records: new Set() }, sink)).toEqual(sink);
  expect(withQuarantineOf(live, { ...workOf(patch), keys: new Set() }, sink)).toMatchObject({
    "transforms.quarantine.records": positionText(bad),
  });
});
