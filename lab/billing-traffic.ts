import { setTimeout as pause } from "node:timers/promises";
import mysql from "mysql2/promise";

const acts = [
  `insert into invoices (number, account, status, total, issued_on, details)
   select concat('INV-L-', lpad(coalesce(max(id), 0) + 1, 8, '0')), 'Walk-in', 'sent', round(rand() * 900, 2), current_date, json_object('channel', 'desk') from invoices`,
  `insert ignore into invoice_lines (invoice_id, line_no, sku, description, quantity, unit_price)
   select id, 90 + floor(rand() * 9), 'SKU-0001', 'Handling', 1, 4.9 from invoices order by id desc limit 1`,
  "update invoices set status = 'paid', notes = concat('Paid at the desk ', now(6)) where status = 'sent' order by updated_at limit 1",
  "update payments set attempts = (attempts + 1) mod 200, paid_at = now(6) where invoice_id >= floor(rand() * 2000) order by invoice_id limit 1",
  `insert ignore into payments (reference, invoice_id, amount, method)
   select concat('Pay-L', id), id, total, 'card' from invoices where status = 'paid' order by id desc limit 1`,
] as const;

/** Writes a little to MariaDB's `billing`, one statement after the other, until it is stopped; outages are waited out. */
export async function writeBilling(options: {
  login: mysql.ConnectionOptions;
  rowsPerSecond: number;
  signal: AbortSignal;
  report: (line: string) => void;
}): Promise<number> {
  const { login, rowsPerSecond, signal, report } = options;
  const pool = mysql.createPool({
    ...login,
    database: "billing",
    connectionLimit: 1,
    connectTimeout: 5_000,
    timezone: "Z",
  });
  let written = 0;
  let isDown = false;
  for (let turn = 0; !signal.aborted; turn++) {
    try {
      const [result] = await pool.query<mysql.ResultSetHeader>(acts[turn % acts.length] ?? acts[0]);
      written += result.affectedRows;
      isDown = false;
    } catch (error) {
      if (!isDown)
        report(`cannot write to billing: ${error instanceof Error ? error.message : String(error)}`);
      isDown = true;
    }
    const wait = isDown ? 1_000 : 1_000 / rowsPerSecond;
    await pause(wait, undefined, { signal }).catch(() => {});
  }
  await pool.end().catch(() => {});
  return written;
}
