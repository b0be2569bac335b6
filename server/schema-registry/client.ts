import { z } from "zod";
import { AppError } from "#domain/errors/app-error.ts";

export interface RegistryClientOptions {
  /** Shown in messages: the cluster's name. */
  cluster: string;
  /** Confluent-compatible base address, path included. */
  baseUrl: string;
  timeoutMs?: number;
}

const SchemaReply = z.object({
  schema: z.string(),
  /** Missing means AVRO. */
  schemaType: z.string().optional(),
  references: z.array(z.object({ name: z.string(), subject: z.string(), version: z.number() })).nullish(),
});
export type RegisteredSchema = z.infer<typeof SchemaReply>;

const Refusal = z.object({ message: z.string() }).catch({ message: "the registry gave no reason" });

/** An id never changes its schema, so an answer is kept; this many are enough for thousands of tables. */
const KEPT_SCHEMAS = 2_000;
/** An id the registry does not know is not asked for again at once: every record of a topic would ask. */
const FORGET_UNKNOWN_MS = 30_000;

export type RegistryClient = ReturnType<typeof createRegistryClient>;

/** Speaks the Confluent-compatible API of a schema registry (Confluent, Apicurio, Karapace). */
export function createRegistryClient({ cluster, baseUrl, timeoutMs = 5_000 }: RegistryClientOptions) {
  const base = baseUrl.replace(/\/+$/, "");
  const schemas = new Map<string, Promise<RegisteredSchema>>();

  async function call<T>(reply: z.ZodType<T>, path: string): Promise<T> {
    const unanswered = (cause: unknown) => {
      const late = cause instanceof Error && cause.name === "TimeoutError";
      const what = late ? `did not answer within ${timeoutMs / 1000} s` : "did not answer";
      return new AppError("upstream_unavailable", `The schema registry of ${cluster} ${what}`, {
        retryable: true,
        upstream: "Schema registry",
        cause,
      });
    };
    const signal = AbortSignal.timeout(timeoutMs);
    const res = await fetch(`${base}${path}`, { signal, redirect: "error" }).catch((cause: unknown) => {
      throw unanswered(cause);
    });
    const text = await res.text().catch((cause: unknown) => {
      throw unanswered(cause);
    });
    const body = parseJson(text);
    if (!res.ok) throw refusal(cluster, res.status, body);
    const parsed = reply.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new AppError(
      "upstream_contract_broken",
      `The schema registry of ${cluster} answered something unexpected`,
      { upstream: "Schema registry", cause: parsed.error },
    );
  }

  function remembered(key: string, path: string): Promise<RegisteredSchema> {
    const known = schemas.get(key);
    if (known) return known;
    const asked = call(SchemaReply, path);
    schemas.set(key, asked);
    asked.catch((error: unknown) => {
      const unknown = error instanceof AppError && error.code === "not_found";
      if (unknown) setTimeout(() => schemas.delete(key), FORGET_UNKNOWN_MS).unref();
      else schemas.delete(key);
    });
    if (schemas.size > KEPT_SCHEMAS) {
      const [oldest] = schemas.keys();
      if (oldest !== undefined) schemas.delete(oldest);
    }
    return asked;
  }

  return {
    /** Kept after the first answer: ids never change their schema. */
    schemaById: (id: number) => remembered(`id:${id}`, `/schemas/ids/${id}`),

    /** For serializers that put a GUID in a header instead of an id before the payload. */
    schemaByGuid: (guid: string) => remembered(`guid:${guid}`, `/schemas/guids/${encodeURIComponent(guid)}`),

    /** Text of one version of a subject, for references between schemas. */
    schemaOfVersion: (subject: string, version: number) =>
      remembered(
        `version:${subject}/${version}`,
        `/subjects/${encodeURIComponent(subject)}/versions/${version}`,
      ),

    subjects: () => call(z.array(z.string()), "/subjects"),

    /** Resolves when the registry answers; the cheapest question every compatible registry knows. */
    async health(): Promise<void> {
      await call(z.array(z.string()), "/schemas/types");
    },
  };
}

function refusal(cluster: string, status: number, body: unknown): AppError {
  const { message } = Refusal.parse(body);
  const upstream = "Schema registry";
  if (status === 404) return new AppError("not_found", message, { upstream });
  if (status >= 500)
    return new AppError(
      "upstream_unavailable",
      `The schema registry of ${cluster} is not ready: ${message}`,
      {
        retryable: true,
        upstream,
      },
    );
  return new AppError("upstream_rejected", message, { upstream });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
