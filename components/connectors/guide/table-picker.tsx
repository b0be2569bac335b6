"use client";

import { useDeferredValue, useMemo, useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import type { TableRef } from "#domain/connectors/postgres-source.ts";
import type { CatalogTable } from "#domain/databases/catalog-table.ts";
import { formatBytes, formatCount, formatCounted } from "#domain/format/numbers.ts";
import {
  groupTables,
  isChosen,
  type SchemaGroup,
  tableWarning,
  toggleTable,
  toggleTables,
} from "./table-choice.ts";

export interface TablePickerProps {
  tables: readonly CatalogTable[];
  /** How many there are, read or not. */
  total: number;
  chosen: readonly TableRef[];
  problem: string | undefined;
  onChange: (chosen: TableRef[]) => void;
}

export function TablePicker({ tables, total, chosen, problem, onChange }: TablePickerProps) {
  const [words, setWords] = useState("");
  const wanted = useDeferredValue(words);
  const groups = useMemo(() => groupTables(tables, wanted, chosen), [tables, wanted, chosen]);
  const picked = tables.filter((table) => isChosen(chosen, table));
  const bytes = picked.reduce((sum, table) => sum + table.bytes, 0);
  return (
    <div className="flex flex-col gap-3" id="answer-tables" tabIndex={-1}>
      <Field
        label="Find tables"
        help={
          <span role="status">
            {formatCounted(chosen.length, "table")} chosen, {formatBytes(bytes)} to snapshot at most;{" "}
            {formatCounted(total, "table")} in the database.
          </span>
        }
        error={problem}
      >
        {(control) => (
          <Input
            {...control}
            type="search"
            className="max-w-md"
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        )}
      </Field>
      {tables.length < total && (
        <StateMessage
          kind="partial"
          look="banner"
          title={`The first ${formatCount(tables.length)} tables are shown`}
        >
          Name others in table.include.list at the end, or take a pattern there.
        </StateMessage>
      )}
      {groups.length === 0 && (
        <StateMessage kind="filtered" title="No table matches" className="py-6">
          Search by schema and name.
        </StateMessage>
      )}
      {groups.map((group) => (
        <SchemaTables key={group.schema} group={group} chosen={chosen} onChange={onChange} />
      ))}
    </div>
  );
}

function SchemaTables({
  group,
  chosen,
  onChange,
}: { group: SchemaGroup } & Pick<TablePickerProps, "chosen" | "onChange">) {
  const here = group.tables.filter((table) => isChosen(chosen, table)).length;
  return (
    <fieldset className="rounded-md border">
      <legend className="ml-2 px-1 font-mono text-table">{group.schema}</legend>
      <Table label={`Tables of ${group.schema}`}>
        <TableHead>
          <TableRow>
            <TableHeader className="w-8">
              <Checkbox
                aria-label={`All ${group.tables.length} shown tables of ${group.schema}`}
                checked={here === group.tables.length}
                indeterminate={here > 0 && here < group.tables.length}
                onChange={() => onChange(toggleTables(chosen, group.tables))}
              />
            </TableHeader>
            <TableHeader>Table</TableHeader>
            <TableHeader className="text-right">Rows</TableHeader>
            <TableHeader className="text-right">Size</TableHeader>
            <TableHeader className="text-right">Columns</TableHeader>
            <TableHeader>Key</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {group.tables.map((table) => (
            <TableLine
              key={table.name}
              table={table}
              isPicked={isChosen(chosen, table)}
              onToggle={() => onChange(toggleTable(chosen, table))}
            />
          ))}
        </TableBody>
      </Table>
    </fieldset>
  );
}

function TableLine({
  table,
  isPicked,
  onToggle,
}: {
  table: CatalogTable;
  isPicked: boolean;
  onToggle: () => void;
}) {
  const warning = tableWarning(table);
  const id = `table-${table.schema}.${table.name}`;
  return (
    <TableRow>
      <TableCell>
        <Checkbox id={id} checked={isPicked} onChange={onToggle} />
      </TableCell>
      <TableCell>
        <label htmlFor={id} className="break-all font-mono">
          {table.name}
        </label>
        {table.partitioned && <Badge className="ml-1.5">partitioned</Badge>}
        {warning && <p className="text-degraded text-meta">{warning}</p>}
      </TableCell>
      <TableCell className="text-right">
        {table.estimatedRows === null ? "not known" : `~${formatCount(table.estimatedRows)}`}
      </TableCell>
      <TableCell className="whitespace-nowrap text-right">{formatBytes(table.bytes)}</TableCell>
      <TableCell className="text-right">{formatCount(table.columns)}</TableCell>
      <TableCell className="font-mono">{table.primaryKey.join(", ") || "none"}</TableCell>
    </TableRow>
  );
}
