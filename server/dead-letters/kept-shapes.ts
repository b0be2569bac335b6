import type pg from "pg";
import { BoundedMap } from "./bounded-map.ts";
import type { FailureShape } from "./failure-shapes.ts";

export interface KeptIds {
  groupId: number;
  errorId: number;
}

/**
 * The rows of groups and errors that shapes stand for, made where they are missing. Made outside of the batch's
 * transaction: a group without records harms nobody, and what is remembered here must never be rolled back.
 */
export function createKeptShapes(pool: pg.Pool, cluster: string) {
  const groups = new BoundedMap<string, number>(50_000);
  const errors = new BoundedMap<string, number>(50_000);

  return {
    async idsOf(shapes: Iterable<FailureShape>): Promise<(shape: FailureShape) => KeptIds> {
      const found = new Map<string, number>();
      for (const shape of new Set(shapes)) {
        found.set(
          shape.fingerprint,
          groups.get(shape.fingerprint) ?? (await keepGroup(pool, cluster, shape)),
        );
        found.set(shape.errorHash, errors.get(shape.errorHash) ?? (await keepError(pool, shape)));
        groups.set(shape.fingerprint, found.get(shape.fingerprint) ?? 0);
        errors.set(shape.errorHash, found.get(shape.errorHash) ?? 0);
      }
      return (shape) => ({
        groupId: found.get(shape.fingerprint) ?? 0,
        errorId: found.get(shape.errorHash) ?? 0,
      });
    },

    /** After groups were merged or split, what was remembered may be wrong. */
    forget(): void {
      groups.clear();
      errors.clear();
    },
  };
}

async function keepGroup(
  pool: pg.Pool,
  cluster: string,
  { fingerprint, grouping, cause }: FailureShape,
): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `with made as (
       insert into dead_letter_groups (cluster, fingerprint, version, stage, connector, table_name, exceptions, message, cause)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (cluster, fingerprint) do nothing returning id)
     select id from made union all
     select id from dead_letter_groups where cluster = $1 and fingerprint = $2 limit 1`,
    [
      cluster,
      fingerprint,
      grouping.version,
      grouping.stage,
      storable(grouping.connector),
      storable(grouping.table),
      grouping.exceptions.map(storable),
      storable(grouping.message),
      cause,
    ],
  );
  return idOf(rows) ?? keepGroup(pool, cluster, { fingerprint, grouping, cause } as FailureShape);
}

async function keepError(pool: pg.Pool, shape: FailureShape): Promise<number> {
  const { errorHash, error } = shape;
  const { rows } = await pool.query<{ id: string }>(
    `with made as (
       insert into dead_letter_errors (hash, exception, message, chain, frames, failed_in)
       values ($1, $2, $3, $4::jsonb, $5, $6) on conflict (hash) do nothing returning id)
     select id from made union all select id from dead_letter_errors where hash = $1 limit 1`,
    [
      errorHash,
      storable(error.exception),
      storable(error.message),
      JSON.stringify(
        error.chain.map((link) => ({ exception: storable(link.exception), message: storable(link.message) })),
      ),
      storable(error.frames),
      error.failedIn === null ? null : storable(error.failedIn),
    ],
  );
  return idOf(rows) ?? keepError(pool, shape);
}

/** Empty when another worker made the row between this statement's two looks: the next try sees it. */
function idOf(rows: { id: string }[]): number | undefined {
  return rows[0] && Number(rows[0].id);
}

/** PostgreSQL's text holds neither NUL nor halves of surrogate pairs. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", "\ufffd");
}
