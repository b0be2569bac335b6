import { lagTotal } from "#domain/pipelines/lag-total.ts";
import type { PipelineView } from "#domain/pipelines/pipeline-view.ts";

export interface PipelineTotals {
  captured: number | null;
  delivered: number | null;
  lagEvents: number | null;
  lagUnknown: number;
  waitingSince: Date | null;
  perSecond: number | null;
  newestCommitAt: Date | null;
  newestEventAt: Date | null;
  targets: number;
}

/** The pipeline's numbers over all its tables; missing where nothing was measured. */
export function pipelineTotals({ tables }: Pick<PipelineView, "tables">): PipelineTotals {
  const sinks = tables.flatMap((table) => table.sinks);
  return {
    captured: sum(tables.map(({ captured }) => captured)),
    delivered: sum(sinks.map(({ delivered }) => delivered)),
    ...lagTotal(tables),
    waitingSince: extreme(
      Math.min,
      tables.map(({ waitingSince }) => waitingSince),
    ),
    perSecond: sum(tables.map(({ perSecond }) => perSecond)),
    newestCommitAt: extreme(
      Math.max,
      tables.map(({ committedAt }) => committedAt),
    ),
    newestEventAt: extreme(
      Math.max,
      tables.map(({ capturedAt }) => capturedAt),
    ),
    targets: new Set(sinks.map(({ name, target }) => `${name} ${target ?? ""}`)).size,
  };
}

/** The same for what one sink has to do with. */
export function sinkTotals({ tables }: Pick<PipelineView, "tables">, sink: string) {
  const own = tables.flatMap((table) => table.sinks.filter(({ name }) => name === sink));
  return {
    delivered: sum(own.map(({ delivered }) => delivered)),
    lagEvents: sum(own.map(({ lagEvents }) => lagEvents)),
    waitingSince: extreme(
      Math.min,
      own.map(({ waitingSince }) => (waitingSince === null ? null : new Date(waitingSince))),
    ),
  };
}

function sum(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((number) => number !== null);
  return known.length > 0 ? known.reduce((total, number) => total + number, 0) : null;
}

function extreme(pick: (...times: number[]) => number, dates: readonly (Date | null)[]): Date | null {
  const known = dates.flatMap((date) => (date ? [date.getTime()] : []));
  return known.length > 0 ? new Date(pick(...known)) : null;
}
