import type pg from "pg";

/** PostgreSQL's COPY … FROM STDIN in text format: several times faster than INSERT for thousands of rows. */
export async function copyRows(
  client: pg.PoolClient,
  target: string,
  lines: readonly string[],
): Promise<void> {
  if (lines.length === 0) return;
  await new Promise<void>((resolve, reject) => {
    client.query(
      new CopyIn(`copy ${target} from stdin`, Buffer.from(`${lines.join("\n")}\n`), resolve, reject),
    );
  });
}

export type Cell = string | number | bigint | Date | null | undefined;

export function copyLine(cells: readonly Cell[]): string {
  let line = "";
  for (let index = 0; index < cells.length; index += 1)
    line += (index > 0 ? "\t" : "") + copyCell(cells[index]);
  return line;
}

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** Records that lie together have few moments, and writing one out costs more than all other cells of a row. */
let lastMoment = { at: 0, text: new Date(0).toISOString() };

function momentText(moment: Date): string {
  const at = moment.getTime();
  if (lastMoment.at !== at) lastMoment = { at, text: moment.toISOString() };
  return lastMoment.text;
}

function copyCell(cell: Cell): string {
  if (cell === null || cell === undefined) return "\\N";
  if (cell instanceof Date) return momentText(cell);
  if (typeof cell !== "string") return String(cell);
  return SPECIAL.test(cell) ? cell.replace(/[\\\t\n\r]/g, (char) => ESCAPES[char] ?? char) : cell;
}

interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** What node-postgres calls on the query at the head of its queue, as far as a COPY needs it (pg 8). */
class CopyIn implements pg.Submittable {
  private readonly statement: string;
  private readonly data: Buffer;
  private readonly resolve: () => void;
  private readonly reject: (error: Error) => void;
  private failed = false;

  constructor(statement: string, data: Buffer, resolve: () => void, reject: (error: Error) => void) {
    this.statement = statement;
    this.data = data;
    this.resolve = resolve;
    this.reject = reject;
  }

  submit(connection: pg.Connection): void {
    asCopy(connection).query(this.statement);
  }

  handleCopyInResponse(connection: pg.Connection): void {
    asCopy(connection).sendCopyFromChunk(this.data);
    asCopy(connection).endCopyFrom();
  }

  handleError(error: Error): void {
    this.failed = true;
    this.reject(error);
  }

  handleReadyForQuery(): void {
    if (!this.failed) this.resolve();
  }

  handleCommandComplete(): void {}

  handleRowDescription(): void {}

  handleDataRow(): void {}

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}
}

/** node-postgres's types leave out the copy half of its own Connection. */
function asCopy(connection: pg.Connection): CopyConnection {
  return connection as unknown as CopyConnection;
}
