import { describe, expect, test } from "vitest";
import { readChangeEvent } from "./change-event.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { formatPosition } from "./log-position.ts";
import { aroundPosition, partitionLag, remember } from "./partition-history.ts";
import { addNotifications, type Notification } from "./snapshot-progress.ts";
import { tableState } from "./table-state.ts";
import { addSample, perSecond, type Sample } from "./throughput.ts";

test.each([
  ["PostgreSQL", "postgresql", { lsn: 137886736 }, "0/837FC10"],
  ["PostgreSQL beyond 4 GB", "postgresql", { lsn: "4294967297" }, "1/1"],
  ["a stored offset without the connector's name", "", { lsn: 80241320, lsn_commit: 1 }, "0/4C862A8"],
  ["MariaDB", "mariadb", { file: "binlog.000002", pos: 154, gtid: "0-1-7" }, "binlog.000002:154 (0-1-7)"],
  ["SQL Server", "sqlserver", { commit_lsn: "0000002a:00000158:0004" }, "0000002a:00000158:0004"],
  ["Oracle", "oracle", { scn: "11", commit_scn: "12" }, "SCN 12"],
  ["nothing known", "x", {}, undefined],
] as const)("position: %s", (_case, connector, fields, expected) => {
  expect(formatPosition(connector, fields)).toBe(expected);
});

test.each([
  [
    "an update",
    { op: "u", source: { connector: "postgresql", ts_ms: 5, snapshot: "false", lsn: 1 } },
    { op: "u", committedAt: 5, position: "0/1", isSnapshot: false },
  ],
  [
    "a snapshot read",
    { op: "r", source: { ts_ms: 5, snapshot: "last" } },
    { op: "r", committedAt: 5, isSnapshot: true },
  ],
  [
    "a flattened row",
    { id: 1, __op: "c", __source_ts_ms: 7 },
    { op: "c", committedAt: 7, isSnapshot: false },
  ],
  ["a row without any mark", { id: 1 }, undefined],
  ["a tombstone", null, undefined],
] as const)("event: %s", (_case, value, expected) => {
  expect(readChangeEvent(value)).toEqual(expected);
});

test.each([
  [
    "in its snapshot",
    [{ lsn: 1, ts_usec: 5000, snapshot: "INITIAL", snapshot_completed: false }],
    { position: "0/1", at: 5, phase: "snapshot" },
  ],
  ["streaming", [{ lsn: 16, lsn_commit: 1, ts_usec: 5000 }], { position: "0/10", at: 5, phase: "streaming" }],
  [
    "MariaDB, streaming",
    [{ file: "b.1", pos: 4, ts_sec: 5 }],
    { position: "b.1:4", at: 5000, phase: "streaming" },
  ],
  ["no offset yet", [], undefined],
  ["an offset that was reset", [null], undefined],
] as const)("checkpoint: %s", (_case, offsets, expected) => {
  expect(readCheckpoint(offsets)).toEqual(expected);
});

describe("snapshot", () => {
  const note = (type: string, timestamp: number, data: Record<string, string> = {}): Notification => ({
    aggregate_type: "Initial Snapshot",
    type,
    additional_data: data,
    timestamp,
  });
  const story = [
    note("COMPLETED", 5),
    note("STARTED", 1),
    note("TABLE_SCAN_COMPLETED", 3, {
      scanned_collection: "public.a",
      total_rows_scanned: "12000",
      data_collections: "public.a,public.b",
      status: "SUCCEEDED",
    }),
    note("IN_PROGRESS", 2, { current_collection_in_progress: "public.a" }),
  ];

  test("is told in the order of its own clock, whatever the partitions did", () => {
    expect(addNotifications(undefined, story)).toEqual({
      kind: "initial",
      state: "completed",
      startedAt: 1,
      endedAt: 5,
      tables: ["public.a", "public.b"],
      current: null,
      scanned: [{ table: "public.a", rows: 12000, status: "SUCCEEDED" }],
    });
  });

  test("a new one forgets the one before", () => {
    const before = addNotifications(undefined, story);

    const again = addNotifications(before, [note("STARTED", 9)]);

    expect(again).toMatchObject({ state: "running", startedAt: 9, scanned: [], tables: [] });
  });
});

const streaming = { position: null, at: null, phase: "streaming" } as const;
const snapshotting = { position: null, at: null, phase: "snapshot" } as const;
const scannedA = addNotifications(undefined, [
  {
    aggregate_type: "Initial Snapshot",
    type: "TABLE_SCAN_COMPLETED",
    additional_data: { scanned_collection: "public.a" },
    timestamp: 1,
  },
]);

test.each([
  ["nothing stored, nothing seen", undefined, undefined, undefined, undefined],
  ["the snapshot has begun", undefined, snapshotting, undefined, "SNAPSHOT_START"],
  ["its rows arrive", "snapshot", snapshotting, undefined, "SNAPSHOT_START"],
  ["its scan is over, others go on", "snapshot", snapshotting, scannedA, "SNAPSHOT_COMPLETE"],
  ["the source streams, this table was quiet since", "snapshot", streaming, scannedA, "SNAPSHOT_COMPLETE"],
  ["an empty table of a streaming source", undefined, streaming, undefined, "STREAMING"],
  ["a change from the log", "log", streaming, scannedA, "STREAMING"],
  ["a change from the log, position not stored yet", "log", undefined, undefined, "STREAMING"],
] as const)("state: %s", (_case, newest, checkpoint, snapshot, expected) => {
  expect(tableState({ table: "public.a", newest, checkpoint, snapshot })).toBe(expected);
});

test.each([
  ["all delivered", { begin: 0, end: 10, committed: 10 }, { events: 0, lost: 0, next: 10 }],
  ["three to go", { begin: 0, end: 10, committed: 7 }, { events: 3, lost: 0, next: 7 }],
  ["no commit yet", { begin: 4, end: 10 }, { events: 6, lost: 0, next: 4 }],
  [
    "retention was faster than the sink",
    { begin: 8, end: 10, committed: 5 },
    { events: 2, lost: 3, next: 8 },
  ],
  [
    "a topic made anew under old offsets",
    { begin: 0, end: 2, committed: 50 },
    { events: 0, lost: 0, next: 50 },
  ],
] as const)("lag: %s", (_case, offsets, expected) => {
  expect(partitionLag(offsets)).toEqual(expected);
});

test("the records around a position are found if they are near", () => {
  const history = remember([{ offset: 5, at: 50 }], [{ offset: 9, at: 90 }]);

  expect(aroundPosition(history, 7)).toEqual({ before: { offset: 5, at: 50 }, first: { offset: 9, at: 90 } });
  expect(aroundPosition(history, 20)).toEqual({ before: undefined, first: undefined });
});

test("throughput over ten seconds; a topic made anew starts over", () => {
  const at = (seconds: number, count: number): Sample => ({ at: seconds * 1000, count });
  const samples = [at(0, 0), at(5, 500), at(11, 1100)].reduce<Sample[]>(addSample, []);

  expect(perSecond(samples)).toBe(100);
  expect(perSecond(addSample(samples, at(12, 3)))).toBeUndefined();
});
