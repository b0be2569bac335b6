import type { DataColumn } from "./data-column.ts";

export type ExportFormat = "csv" | "json";

/** Spreadsheets run cells that begin like a formula; a quote in front makes them text. */
function safeCell(value: string): string {
  const inert = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

function plain(value: string | number | boolean | Date | null | undefined): string | number | boolean | null {
  if (value instanceof Date) return value.toISOString();
  return value ?? null;
}

export function exportRows<Row>(
  format: ExportFormat,
  columns: readonly DataColumn<Row>[],
  rows: readonly Row[],
): string {
  const exported = columns.filter((column) => column.exportValue !== undefined);
  if (format === "json") {
    const objects = rows.map((row) =>
      Object.fromEntries(exported.map((column) => [column.id, plain(column.exportValue?.(row))])),
    );
    return `${JSON.stringify(objects, undefined, 2)}\n`;
  }
  const lines = rows.map((row) =>
    exported.map((column) => safeCell(String(plain(column.exportValue?.(row)) ?? ""))).join(","),
  );
  return `${[exported.map((column) => safeCell(column.header)).join(","), ...lines].join("\r\n")}\r\n`;
}

/** Hands text to the browser as a file. */
export function downloadText(name: string, text: string, type: string): void {
  saveBlob(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
