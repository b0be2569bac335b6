import type pg from "pg";

/** What node-postgres asks of a query object; its types leave all but `submit` out. */
interface ActiveQuery extends pg.Submittable {
  handleRowDescription(): void;
  handleDataRow(): void;
  handleCopyData(message: { chunk: Buffer }): void;
  handleCommandComplete(): void;
  handleEmptyQuery(): void;
  handlePortalSuspended(): void;
  handleReadyForQuery(): void;
  handleError(error: Error): void;
  /** Called as well when the connection is lost or the query is refused before it starts. */
  callback(error?: Error): void;
}

interface Wire {
  query(text: string): void;
}

/**
 * Runs `COPY … TO STDOUT` and hands over each chunk as it arrives. The bytes are valid only during the call. Driver's own
 * rows arrive as text; this way numbers and bytes come as they are.
 */
export function copyOut(client: pg.ClientBase, sql: string, onChunk: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let failed: Error | undefined;
    const fail = (error: Error) => {
      failed ??= error;
    };
    const query: ActiveQuery = {
      submit: (connection) => (connection as unknown as Wire).query(sql),
      handleRowDescription: () => undefined,
      handleDataRow: () => undefined,
      handleCommandComplete: () => undefined,
      handleEmptyQuery: () => undefined,
      handlePortalSuspended: () => undefined,
      handleCopyData: ({ chunk }) => {
        if (failed) return;
        try {
          onChunk(chunk);
        } catch (error) {
          fail(error instanceof Error ? error : new Error(String(error)));
        }
      },
      handleReadyForQuery: () => (failed ? reject(failed) : resolve()),
      handleError: (error) => {
        fail(error);
        // A lost connection never becomes ready again.
        reject(error);
      },
      callback: (error) => {
        if (error) reject(error);
      },
    };
    client.query(query);
  });
}

const SIGNATURE_BYTES = 11;

/** The single value of a one-row, one-column binary COPY; nothing where it is NULL. */
export async function copyOneValue(client: pg.ClientBase, select: string): Promise<Buffer | undefined> {
  let value: Buffer | undefined;
  let header = true;
  await copyOut(client, `copy (${select}) to stdout (format binary)`, (chunk) => {
    let at = 0;
    if (header) {
      at = SIGNATURE_BYTES + 8 + chunk.readInt32BE(SIGNATURE_BYTES + 4);
      header = false;
    }
    if (at + 6 > chunk.length || chunk.readInt16BE(at) !== 1) return;
    const length = chunk.readInt32BE(at + 2);
    if (length >= 0) value = Buffer.from(chunk.subarray(at + 6, at + 6 + length));
  });
  return value;
}
