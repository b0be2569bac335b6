import { AppError } from "#domain/errors/app-error.ts";
import type { SideReader, TableSide } from "./engine/side.ts";

export type EndName = "source" | "target";

/** One end failed: the run is told which, because "the database did not answer" helps nobody with two of them. */
class EndFailure extends AppError {
  readonly end: EndName;

  constructor(end: EndName, table: string, error: AppError) {
    super(error.code, `The ${end} (${table}): ${error.message}`, {
      retryable: error.retryable,
      upstream: error.upstream,
      cause: error,
    });
    this.end = end;
  }
}

/** The same end, whose failures say which one it is. */
export function namingSide(side: TableSide, end: EndName): TableSide {
  const named = <T>(doing: Promise<T>): Promise<T> =>
    doing.catch((error: unknown) => {
      throw failureOf(error, end, side.table);
    });
  return {
    engine: side.engine,
    table: side.table,
    describe: (signal) => named(side.describe(signal)),
    open: async (layout, limits) => namingReader(await named(side.open(layout, limits)), end, side.table),
  };
}

function namingReader(reader: SideReader, end: EndName, table: string): SideReader {
  const named = <T>(doing: Promise<T>): Promise<T> =>
    doing.catch((error: unknown) => {
      throw failureOf(error, end, table);
    });
  async function* namedStream<T>(stream: AsyncIterable<T>): AsyncIterable<T> {
    try {
      yield* stream;
    } catch (error) {
      throw failureOf(error, end, table);
    }
  }
  return {
    hashes: () => named(reader.hashes()),
    estimate: () => named(reader.estimate()),
    keyRange: () => named(reader.keyRange()),
    splits: (count) => named(reader.splits(count)),
    bucketHashes: (request) => named(reader.bucketHashes(request)),
    rowHashes: (request) => namedStream(reader.rowHashes(request)),
    packsIntegers: reader.packsIntegers,
    integerRows: (request) => named(reader.integerRows(request)),
    keyHashes: (hash, keys) => named(reader.keyHashes(hash, keys)),
    rows: (hash, keys) => named(reader.rows(hash, keys)),
    keysInWindow: (request) => namedStream(reader.keysInWindow(request)),
    isBusy: () => named(reader.isBusy()),
    cost: () => reader.cost(),
    close: () => reader.close(),
  };
}

function failureOf(error: unknown, end: EndName, table: string): unknown {
  return error instanceof AppError && endOf(error) === undefined ? new EndFailure(end, table, error) : error;
}

/** Every AppError counts as an instance of every kind of it, so the field decides. */
export function endOf(error: unknown): EndName | undefined {
  if (!(error instanceof AppError) || !("end" in error)) return undefined;
  return error.end === "source" || error.end === "target" ? error.end : undefined;
}
