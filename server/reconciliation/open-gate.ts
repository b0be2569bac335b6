import type { Position } from "#domain/dead-letters/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { withReadonlyConnection } from "#server/databases/with-readonly-connection.ts";
import { findReported } from "#server/dead-letters/find-reported.ts";
import type { Deps } from "#server/deps.ts";
import { createPartitionReader } from "#server/kafka/partition-reader.ts";
import { pipelineGate, postgresPosition, type SourcePosition } from "./engine/pipeline-gate.ts";
import type { PositionGate } from "./engine/position-gate.ts";
import { mariadbPosition } from "./mariadb-position.ts";
import type { Ends } from "./open-ends.ts";
import { pastDeadLetters } from "./past-dead-letters.ts";
import { whySinkIsStill } from "./sink-state.ts";
import type { StoredTable } from "./stored-table.ts";

/** What tells that the target has applied everything the source had committed when a row was read. */
export async function openGate(
  deps: Pick<Deps, "cluster" | "connect" | "kafka" | "vault" | "readonlyPools">,
  table: StoredTable,
  ends: Ends,
): Promise<PositionGate> {
  return pipelineGate({
    position: await positionOf(deps, table, ends),
    kafka: pastDeadLetters({
      kafka: deps.kafka(table.cluster),
      findReported: (records) => readDeadLetters(deps, table, records),
    }),
    topic: table.topic,
    group: `connect-${table.sink}`,
    explainDelay: () => whySinkIsStill(deps, table),
  });
}

async function readDeadLetters(
  deps: Pick<Deps, "cluster" | "connect">,
  { cluster, sink }: StoredTable,
  records: readonly Position[],
): Promise<readonly Position[]> {
  const reader = createPartitionReader({ cluster, ...deps.cluster(cluster).kafka });
  try {
    const { "errors.deadletterqueue.topic.name": topic } = await deps.connect(cluster).config(sink);
    if (!topic) return [];
    return await findReported(reader, { sink, topic }, records);
  } catch (error) {
    // Nothing is proven by who does not answer; the sink may well be moving, and the gate has a time limit of its own.
    if (error instanceof AppError) return [];
    throw error;
  } finally {
    await reader.close();
  }
}

async function positionOf(
  deps: Pick<Deps, "connect" | "vault" | "readonlyPools">,
  { cluster, source }: StoredTable,
  { sourceDatabase }: Ends,
): Promise<SourcePosition> {
  switch (sourceDatabase.engine) {
    case "postgresql": {
      const config = await deps.connect(cluster).config(source);
      return postgresPosition({
        use: (work) => withReadonlyConnection(deps, sourceDatabase, work),
        slot: config["slot.name"] ?? "debezium",
      });
    }
    case "mariadb":
      return mariadbPosition(deps, { cluster, connector: source, database: sourceDatabase });
    default:
      throw new AppError(
        "precondition_failed",
        `Where the log of ${sourceDatabase.engine} stands cannot be told yet, so a difference could be lag`,
      );
  }
}
