import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { PipelineConnector } from "#domain/pipelines/pipeline-view.ts";
import type { TableRef } from "#domain/pipelines/schema.ts";
import type { Deps } from "#server/deps.ts";
import { getPipeline } from "./get-pipeline.ts";
import { rowOf, type TableRow } from "./list-tables.ts";

export interface TableView extends TableRow {
  cluster: string;
  source: PipelineConnector;
  /** The connectors that read it. */
  readers: PipelineConnector[];
  /** Rows the last snapshot's scan read, and how it ended. */
  scan: { rows: number | null; status: string } | null;
}

/** One captured table with the connectors at its ends. */
export async function getTable(
  deps: Pick<Deps, "db" | "now">,
  actor: Actor,
  { table: name, ...ref }: TableRef,
): Promise<TableView> {
  requirePermission(actor, "console:view");
  const pipeline = await getPipeline(deps, actor, ref);
  const table = pipeline.tables.find((candidate) => candidate.name === name);
  if (!table) throw new AppError("not_found", `The pipeline ${ref.source} captures no table ${name}`);
  const scan = pipeline.snapshot?.scanned.find((scanned) => scanned.table === name);
  return {
    ...rowOf(table, pipeline, deps.now().getTime()),
    cluster: ref.cluster,
    source: pipeline.source,
    readers: pipeline.sinks.filter((sink) => table.sinks.some((reader) => reader.name === sink.name)),
    scan: scan ? { rows: scan.rows, status: scan.status } : null,
  };
}
