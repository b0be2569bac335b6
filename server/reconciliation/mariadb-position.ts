import { z } from "zod";
import { AppError } from "#domain/errors/app-error.ts";
import { hasReachedGtids, parseGtids } from "#domain/reconciliation/gtid.ts";
import type { RegisteredDatabase } from "#server/databases/registered-database.ts";
import { withReadonlyMariadb } from "#server/databases/with-readonly-mariadb.ts";
import type { Deps } from "#server/deps.ts";
import { readRows } from "#server/mariadb/read-rows.ts";
import type { SourcePosition } from "./engine/pipeline-gate.ts";

const Position = z.object({ gtids: z.string(), server: z.string() });

/**
 * MariaDB's GTID position against the one the connector has stored. A connector that sees no event of its own tables moves
 * on only with a heartbeat, so an idle one without it ends a wait as "not verifiable" rather than in a guess.
 */
export function mariadbPosition(
  deps: Pick<Deps, "connect" | "vault">,
  source: { cluster: string; connector: string; database: RegisteredDatabase },
): SourcePosition {
  return {
    kind: "offsets",
    async mark() {
      const [row] = await withReadonlyMariadb(deps, source.database, (client) =>
        readRows(
          client,
          Position,
          "select @@global.gtid_binlog_pos as gtids, cast(@@global.server_id as char) as server",
        ),
      );
      if (!row?.gtids)
        throw new AppError(
          "precondition_failed",
          `${source.database.name} tells no GTID position; switch its binary log on`,
        );
      return { position: row.gtids, at: new Date(), server: row.server };
    },
    async isDelivered({ position }) {
      const { offsets } = await deps.connect(source.cluster).offsets(source.connector);
      const mark = parseGtids(position);
      return offsets.some(({ offset }) => {
        const gtids = offset?.gtids;
        return typeof gtids === "string" && hasReachedGtids(parseGtids(gtids), mark);
      });
    },
  };
}
