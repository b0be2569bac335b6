import { expect, test } from "vitest";
import { searchKeys } from "./plugin-key.ts";

const key = (name: string, label = "", documentation = "") => ({ name, label, documentation });
const keys = [
  key("snapshot.mode", "Snapshot mode", "The criteria for running a snapshot upon startup of the connector."),
  key("snapshot.delay.ms", "Snapshot delay"),
  key("table.include.list", "Include tables"),
  key("slot.name", "Slot", "The name of the Postgres logical decoding slot"),
  key("errors.deadletterqueue.topic.name", "Dead letter topic"),
  key("heartbeat.interval.ms", "Heartbeat", "Length of an interval in milliseconds"),
];

test.each([
  ["snapshot.mode", "snapshot.mode"],
  ["mode", "snapshot.mode"],
  ["whitelist", "table.include.list"],
  ["dlq", "errors.deadletterqueue.topic.name"],
  ["replication slot", "slot.name"],
  ["keepalive", "heartbeat.interval.ms"],
  ["deadletter name", "errors.deadletterqueue.topic.name"],
  ["INCLUDE tables", "table.include.list"],
  ["includelist", "table.include.list"],
])("%s finds %s first", (words, expected) => {
  expect(searchKeys(keys, words)[0]?.name).toBe(expected);
});

test("every word has to be found", () => {
  expect(searchKeys(keys, "slot banana")).toEqual([]);
});

test("no words give every key", () => {
  expect(searchKeys(keys, " ")).toEqual(keys);
});
