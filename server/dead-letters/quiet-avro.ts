import { AppError } from "#domain/errors/app-error.ts";
import type { AvroDecoder } from "#server/schema-registry/avro-decoder.ts";

const QUIET_MS = 15_000;

/**
 * A decoder for streams: after the registry did not answer once it is not asked again for a while. Without this every
 * record would wait for the same silence, and the stream with it.
 */
export function quietAvro(avro: AvroDecoder, now: () => number): AvroDecoder {
  let quietUntil = 0;
  let silence: AppError | undefined;
  return {
    async decode(bytes, guid) {
      if (silence && now() < quietUntil) throw silence;
      try {
        return await avro.decode(bytes, guid);
      } catch (error) {
        if (error instanceof AppError && error.code === "upstream_unavailable") {
          silence = error;
          quietUntil = now() + QUIET_MS;
        }
        throw error;
      }
    },
  };
}
