import { AppError } from "#domain/errors/app-error.ts";
import type { RegisteredSchema, RegistryClient } from "#server/schema-registry/client.ts";

const QUIET_MS = 15_000;

/**
 * A registry for streams: after it did not answer once it is not asked again for a while. Without this every record
 * would wait for the same silence, and the stream with it. Schemas that are known already are not asked for at all.
 */
export function quietRegistry(registry: RegistryClient, now: () => number): RegistryClient {
  let quietUntil = 0;
  let silence: AppError | undefined;
  const quietly =
    <Asked extends unknown[]>(ask: (...asked: Asked) => Promise<RegisteredSchema>) =>
    async (...asked: Asked): Promise<RegisteredSchema> => {
      if (silence && now() < quietUntil) throw silence;
      try {
        return await ask(...asked);
      } catch (error) {
        if (error instanceof AppError && error.code === "upstream_unavailable") {
          silence = error;
          quietUntil = now() + QUIET_MS;
        }
        throw error;
      }
    };
  return {
    ...registry,
    schemaById: quietly(registry.schemaById),
    schemaByGuid: quietly(registry.schemaByGuid),
    schemaOfVersion: quietly(registry.schemaOfVersion),
  };
}
