import { expect, test } from "vitest";
import type { DataColumn } from "./data-column.ts";
import { exportRows } from "./export-rows.ts";

interface Row {
  name: string;
  lag: number | undefined;
  at: Date;
}

const columns: DataColumn<Row>[] = [
  { id: "name", header: "Name", width: 1, cell: (row) => row.name, exportValue: (row) => row.name },
  { id: "lag", header: "Lag, events", width: 1, cell: (row) => row.lag, exportValue: (row) => row.lag },
  { id: "at", header: "Last event", width: 1, cell: () => null, exportValue: (row) => row.at },
  { id: "menu", header: "Actions", width: 1, cell: () => null },
];
const at = new Date("2026-11-21T10:16:14Z");

test("CSV quotes what needs it and leaves out columns without a value", () => {
  const csv = exportRows("csv", columns, [{ name: 'a,"b"', lag: undefined, at }]);

  expect(csv).toBe('Name,"Lag, events",Last event\r\n"a,""b""",,2026-11-21T10:16:14.000Z\r\n');
});

test.each(["=1+1", "+x", "@cmd", "-x"])("a cell that starts like the formula %s becomes text", (name) => {
  expect(exportRows("csv", columns, [{ name, lag: -5, at }])).toContain(`'${name},-5,`);
});

test("JSON keeps numbers, and null for what was not measured", () => {
  expect(JSON.parse(exportRows("json", columns, [{ name: "a", lag: undefined, at }]))).toEqual([
    { name: "a", lag: null, at: "2026-11-21T10:16:14.000Z" },
  ]);
});
