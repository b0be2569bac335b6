import { AppError } from "#domain/errors/app-error.ts";
import { readCheckpoint } from "#domain/observability/checkpoint.ts";
import type { Deps } from "#server/deps.ts";
import type { ClusterMemory } from "./cluster-memory.ts";

const AT_ONCE = 4;
/** Topics of a source change when a table is added: seldom. */
const TOPICS_EVERY = 5;

/** Asks Connect for the stored position of each source, and for the topics of those whose configuration does not tell. */
export function createCheckpointObserver(
  { connect }: Pick<Deps, "connect">,
  cluster: string,
  memory: ClusterMemory,
) {
  let round = 0;

  return async function observeCheckpoints(): Promise<void> {
    const withTopics = round % TOPICS_EVERY === 0;
    round += 1;
    const waiting = [...memory.pipelines];
    const work = async () => {
      for (let pipeline = waiting.pop(); pipeline; pipeline = waiting.pop()) {
        await ask(
          pipeline.source,
          withTopics && (pipeline.engine === "other" || pipeline.tables.length === 0),
        );
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const sources = new Set(memory.pipelines.map(({ source }) => source));
    for (const known of [memory.checkpoints, memory.written])
      for (const source of known.keys()) if (!sources.has(source)) known.delete(source);
  };

  async function ask(source: string, withTopics: boolean): Promise<void> {
    try {
      const { offsets } = await connect(cluster).offsets(source);
      const checkpoint = readCheckpoint(offsets.map(({ offset }) => offset));
      if (checkpoint) memory.checkpoints.set(source, checkpoint);
      else memory.checkpoints.delete(source);
      if (withTopics) memory.written.set(source, (await connect(cluster).topics(source)).toSorted());
    } catch (error) {
      // The connect loop says that Connect is down; the last known position stays true.
      if (!(error instanceof AppError)) throw error;
    }
  }
}
