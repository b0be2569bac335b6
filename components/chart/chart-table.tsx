import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { formatUtc } from "#domain/format/durations.ts";
import type { ChartRow, ChartSeries } from "./chart-series.ts";

export interface ChartTableProps {
  rows: readonly ChartRow[];
  series: readonly ChartSeries[];
  unit: string;
  format: (value: number) => string;
}

/** Newest first: the end of a line is what people look at. */
export function ChartTable({ rows, series, unit, format }: ChartTableProps) {
  return (
    <div className="max-h-56 overflow-y-auto">
      <Table label="The same numbers">
        <TableHead>
          <TableRow>
            <TableHeader>Time</TableHeader>
            {series.map(({ id, label }) => (
              <TableHeader key={id} className="text-right">
                {label}, {unit}
              </TableHeader>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.toReversed().map((row) => (
            <TableRow key={row.at}>
              <TableCell>{formatUtc(new Date(row.at))}</TableCell>
              {series.map(({ id }) => {
                const value = row.values[id];
                return (
                  <TableCell key={id} className="text-right">
                    {value === null || value === undefined ? "not measured" : format(value)}
                  </TableCell>
                );
              })}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}
