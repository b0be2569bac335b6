import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { z } from "zod";
import { writeBilling } from "./billing-traffic.ts";

/** Changes written since the start, in rows. */
export type TrafficCount = { inserted: number; updated: number; deleted: number };

type Act = { weight: number; run: (client: pg.PoolClient) => Promise<Partial<TrafficCount>> };

const tickMs = 100;

/**
 * Writes to the shop like its customers do: orders come in, move on and are sometimes cancelled, people browse,
 * prices change. Every act is one transaction and looks at what is there, so it can stop and go on at any moment.
 */
export class ShopTraffic {
  readonly count: TrafficCount = { inserted: 0, updated: 0, deleted: 0 };
  readonly #pool: pg.Pool;
  readonly #rowsPerSecond: number;
  readonly #report: (line: string) => void;
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: { url: string; rowsPerSecond: number; report?: (line: string) => void }) {
    this.#pool = new pg.Pool({ connectionString: options.url, max: 4, connectionTimeoutMillis: 5_000 });
    this.#pool.on("error", () => {});
    this.#rowsPerSecond = options.rowsPerSecond;
    this.#report = options.report ?? (() => {});
  }

  start(): void {
    this.#running ??= this.#write();
  }

  /** Resolves when the last transaction has ended; nothing is written afterwards. */
  async stop(): Promise<TrafficCount> {
    this.#stopped.abort();
    await this.#running;
    await this.#pool.end();
    return this.count;
  }

  get rows(): number {
    return this.count.inserted + this.count.updated + this.count.deleted;
  }

  async #write(): Promise<void> {
    let owed = 0;
    let last = performance.now();
    let isDown = false;
    while (!this.#stopped.signal.aborted) {
      const now = performance.now();
      // Time lost to an outage is not made up for: a flood would be no traffic.
      owed = Math.min(owed + ((now - last) / 1_000) * this.#rowsPerSecond, this.#rowsPerSecond);
      last = now;
      try {
        if (owed > 0) {
          const before = this.rows;
          await this.#act(owed);
          owed -= this.rows - before;
        }
        if (isDown) this.#report("the shop's database answers again");
        isDown = false;
      } catch (error) {
        if (!isDown) this.#report(`cannot write: ${error instanceof Error ? error.message : String(error)}`);
        isDown = true;
        owed = 0;
        await this.#wait(1_000);
      }
      await this.#wait(tickMs);
    }
  }

  async #act(owed: number): Promise<void> {
    const client = await this.#pool.connect();
    try {
      const goal = this.rows + owed;
      while (this.rows < goal && !this.#stopped.signal.aborted) await this.#transact(client, chooseAct());
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async #transact(client: pg.PoolClient, act: Act): Promise<void> {
    await client.query("begin");
    const done = await act.run(client);
    await client.query("commit");
    this.count.inserted += done.inserted ?? 0;
    this.count.updated += done.updated ?? 0;
    this.count.deleted += done.deleted ?? 0;
  }

  async #wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#stopped.signal }).catch(() => {});
  }
}

const changed = async (client: pg.PoolClient, sql: string): Promise<number> =>
  (await client.query(sql)).rowCount ?? 0;

/** One existing row near a random key; identities have gaps after deletions. */
const near = (table: string) =>
  `(select id from ${table} where id >= (select 1 + floor(random() * max(id))::bigint from ${table}) order by id limit 1)`;

const someProduct =
  "(select sku from products order by sku offset floor(random() * (select count(*) from products))::int limit 1)";

const acts: readonly Act[] = [
  {
    weight: 24,
    run: async (client) => {
      const order = await client.query<{ id: string }>(
        `insert into orders (customer_id, status, currency, total, shipping_address)
         select id, 'placed', 'EUR', 0, jsonb_build_object('street', 'Lindenweg ' || id % 90, 'city', 'Berlin', 'postcode', '10115')
         from customers where id = ${near("customers")} returning id`,
      );
      const id = order.rows[0]?.id;
      const lines = await client.query(
        `insert into order_items (order_id, line_no, sku, quantity, unit_price, discount)
         select $1, row_number() over (order by sku), sku, 1 + floor(random() * 3)::int, price, 0
         from (select sku, price from products where sku >= ${someProduct} order by sku limit 1 + floor(random() * 3)::int) picked`,
        [id],
      );
      const priced = await client.query(
        `update orders set total = (select sum(quantity * unit_price) from order_items where order_id = $1) where id = $1`,
        [id],
      );
      return { inserted: 1 + (lines.rowCount ?? 0), updated: priced.rowCount ?? 0 };
    },
  },
  {
    weight: 30,
    run: async (client) => ({
      updated: await changed(
        client,
        `update orders set updated_at = now(), status = (case status when 'placed' then 'paid' when 'paid' then 'shipped' when 'shipped' then 'delivered'
           when 'delivered' then 'returned' else status end)::order_status where id = ${near("orders")}`,
      ),
    }),
  },
  {
    weight: 12,
    run: async (client) => ({
      updated: await changed(
        client,
        `update customers set loyalty_points = loyalty_points + floor(random() * 50)::int, updated_at = now(),
           preferences = jsonb_set(preferences, '{newsletter}', to_jsonb(random() < 0.5)) where id = ${near("customers")}`,
      ),
    }),
  },
  {
    weight: 8,
    run: async (client) => ({
      updated: await changed(
        client,
        `update products set stock = greatest(0, stock + floor(random() * 21)::int - 10), price = round((price * (0.97 + random() * 0.06))::numeric, 2), updated_at = now()
         where sku = ${someProduct}`,
      ),
    }),
  },
  {
    weight: 10,
    run: async (client) => ({
      inserted: await changed(
        client,
        `insert into sessions (id, customer_id, state, user_agent, ip_address, started_at, last_seen_at)
         values (gen_random_uuid(), ${near("customers")}, 'active', 'Mozilla/5.0 (X11; Linux x86_64) Firefox/148.0', ('198.51.100.' || floor(random() * 254)::int)::inet, now(), now())`,
      ),
    }),
  },
  {
    weight: 6,
    run: async (client) => ({
      deleted: await changed(
        client,
        "delete from sessions where id = (select id from sessions where id >= gen_random_uuid() order by id limit 1)",
      ),
    }),
  },
  {
    weight: 4,
    run: async (client) => {
      // The order's lines are deleted by name, not by cascade, so that they are counted.
      const order = `(select id from orders where id = ${near("orders")} for update)`;
      const { rows } = await client.query<{ id: string }>(`select ${order} as id`);
      const id = rows[0]?.id;
      if (!id) return {};
      const lines = (await client.query("delete from order_items where order_id = $1", [id])).rowCount ?? 0;
      const orders = (await client.query("delete from orders where id = $1", [id])).rowCount ?? 0;
      return { deleted: lines + orders };
    },
  },
  {
    weight: 1,
    run: async (client) => ({
      updated: await changed(
        client,
        `update articles set title = regexp_replace(title, ' \\(rev .*\\)$', '') || ' (rev ' || to_char(now(), 'MI:SS') || ')', updated_at = now()
         where id = ${near("articles")}`,
      ),
    }),
  },
  {
    weight: 5,
    run: async (client) => ({
      inserted: await changed(
        client,
        `insert into audit_log (actor, action, entity, entity_id, details)
         values ('web', 'viewed', 'product', floor(random() * 1000)::text, jsonb_build_object('ms', floor(random() * 900)::int))`,
      ),
    }),
  },
];

const totalWeight = acts.reduce((sum, { weight }) => sum + weight, 0);

function chooseAct(): Act {
  let roll = Math.random() * totalWeight;
  for (const act of acts) {
    roll -= act.weight;
    if (roll < 0) return act;
  }
  throw new Error("the weights of the traffic's acts do not add up");
}

const Login = z.object({ host: z.string(), port: z.number(), user: z.string(), password: z.string() });

/** Changes in MariaDB's `billing` for each one in the shop. */
const billingShare = 0.1;

/** `node traffic.ts URL_FILE ROWS_PER_SECOND [LOGIN_FILE]`, as the supervisor runs it. */
async function runUntilStopped(
  urlFile: string,
  rowsPerSecond: number,
  loginFile: string | undefined,
): Promise<void> {
  const report = (line: string) => console.log(`${new Date().toISOString()} ${line}`);
  const traffic = new ShopTraffic({ url: readFileSync(urlFile, "utf8").trim(), rowsPerSecond, report });
  report(`writing ${rowsPerSecond} changes per second`);
  traffic.start();
  const stopped = new AbortController();
  const billing =
    loginFile &&
    writeBilling({
      login: Login.parse(JSON.parse(readFileSync(loginFile, "utf8"))),
      rowsPerSecond: rowsPerSecond * billingShare,
      signal: stopped.signal,
      report,
    });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, async () => {
      stopped.abort();
      const { inserted, updated, deleted } = await traffic.stop();
      await billing;
      report(`stopped after ${inserted} inserts, ${updated} updates, ${deleted} deletes`);
      process.exit(0);
    });
  }
}

if (import.meta.main) {
  const [urlFile, rate, loginFile] = process.argv.slice(2);
  if (!urlFile || !rate || !(Number(rate) > 0))
    throw new Error("usage: traffic.ts URL_FILE ROWS_PER_SECOND [LOGIN_FILE]");
  await runUntilStopped(urlFile, Number(rate), loginFile);
}
