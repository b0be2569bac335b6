import { z } from "zod";
import type { ConnectorConfig } from "#domain/connectors/schema.ts";
import { ConnectorConfig as ConfigSchema } from "#domain/connectors/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { connectFailure } from "./failures.ts";
import {
  ConnectorInfo,
  ConnectorListing,
  ConnectorStatus,
  KeyDefinition,
  OffsetsReply,
  PluginReply,
  ValidateReply,
  WorkerInfo,
} from "./replies.ts";
import { throughRebalance } from "./through-rebalance.ts";

export interface ConnectClientOptions {
  /** Shown in messages: the cluster's name. */
  cluster: string;
  baseUrl: string;
  timeoutMs: number;
}

export type ConnectClient = ReturnType<typeof createConnectClient>;

/** Speaks Kafka Connect's REST API; knows its replies and no rule of ours. */
export function createConnectClient(options: ConnectClientOptions) {
  async function call<T>(
    reply: z.ZodType<T>,
    path: string,
    init: RequestInit & { timeoutMs?: number } = {},
  ): Promise<T> {
    const { timeoutMs = options.timeoutMs, ...request } = init;
    const signal = AbortSignal.timeout(timeoutMs);
    const url = new URL(path, options.baseUrl);
    const headers = new Headers(request.body ? { "content-type": "application/json" } : {});
    const res = await fetch(url, { ...request, headers, signal, redirect: "error" }).catch(
      (cause: unknown) => {
        throw unanswered(cause, timeoutMs);
      },
    );
    const text = await res.text().catch((cause: unknown) => {
      throw unanswered(cause, timeoutMs);
    });
    const body = parseJson(text);
    if (!res.ok) throw connectFailure(options.cluster, res.status, body);
    const parsed = reply.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new AppError(
      "upstream_contract_broken",
      `Kafka Connect of ${options.cluster} answered something unexpected`,
      {
        upstream: "Kafka Connect",
        cause: parsed.error,
      },
    );
  }

  function unanswered(cause: unknown, timeoutMs: number): AppError {
    const timedOut = cause instanceof Error && cause.name === "TimeoutError";
    const what = timedOut ? `did not answer within ${timeoutMs / 1000} s` : "did not answer";
    return new AppError("upstream_unavailable", `Kafka Connect of ${options.cluster} ${what}`, {
      retryable: true,
      upstream: "Kafka Connect",
      cause,
    });
  }

  const at = (name: string, rest = "") => `/connectors/${encodeURIComponent(name)}${rest}`;
  const nothing = z.unknown().transform(() => undefined);
  const send = (method: string, body?: unknown) => ({
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

  return {
    worker: () => call(WorkerInfo, "/"),
    /** All connectors of the cluster in one request, whatever their number. */
    list: () =>
      call(ConnectorListing, "/connectors?expand=info&expand=status", {
        timeoutMs: Math.max(options.timeoutMs, 20_000),
      }),
    get: (name: string) => call(ConnectorInfo, at(name)),
    /** The one read that is refused while Connect rebalances: asked again until that is over. */
    config: (name: string) => throughRebalance(() => call(ConfigSchema, at(name, "/config"))),
    status: (name: string) => call(ConnectorStatus, at(name, "/status")),
    topics: (name: string) =>
      call(z.record(z.string(), z.object({ topics: z.array(z.string()) })), at(name, "/topics")).then(
        (reply) => reply[name]?.topics ?? [],
      ),
    offsets: (name: string) => call(OffsetsReply, at(name, "/offsets")),
    /** Fails with `conflict` if the name is taken; the worker resolves references while it validates, so allow it time. */
    create: (name: string, config: ConnectorConfig, initialState?: "RUNNING" | "PAUSED" | "STOPPED") =>
      call(ConnectorInfo, "/connectors", {
        ...send("POST", { name, config, ...(initialState ? { initial_state: initialState } : {}) }),
        timeoutMs: 90_000,
      }),
    putConfig: (name: string, config: ConnectorConfig) =>
      call(ConnectorInfo, at(name, "/config"), { ...send("PUT", config), timeoutMs: 90_000 }),
    /** `null` removes a key. */
    patchConfig: (name: string, patch: Record<string, string | null>) =>
      call(ConnectorInfo, at(name, "/config"), { ...send("PATCH", patch), timeoutMs: 90_000 }),
    remove: (name: string) => call(nothing, at(name), send("DELETE")),
    pause: (name: string) => call(nothing, at(name, "/pause"), send("PUT")),
    resume: (name: string) => call(nothing, at(name, "/resume"), send("PUT")),
    stop: (name: string) => call(nothing, at(name, "/stop"), send("PUT")),
    restart: (name: string, scope: { onlyFailed: boolean }) =>
      call(nothing, at(name, `/restart?includeTasks=true&onlyFailed=${scope.onlyFailed}`), send("POST")),
    restartTask: (name: string, task: number) =>
      call(nothing, at(name, `/tasks/${task}/restart`), send("POST")),
    /** The connector must be STOPPED; `offset: null` resets one partition. */
    patchOffsets: (name: string, offsets: z.input<typeof OffsetsReply>) =>
      call(z.object({ message: z.string() }), at(name, "/offsets"), send("PATCH", offsets)),
    resetOffsets: (name: string) =>
      call(z.object({ message: z.string() }), at(name, "/offsets"), send("DELETE")),
    plugins: () => call(z.array(PluginReply), "/connector-plugins?connectorsOnly=false"),
    /** Every key a plugin defines, Connect's own included. */
    pluginKeys: (plugin: string) =>
      call(z.array(KeyDefinition), `/connector-plugins/${encodeURIComponent(plugin)}/config`),
    /** Dials the database for source connectors: slow, and an outbound call. Replies may hold resolved secrets: redact before use. */
    validate: (plugin: string, config: ConnectorConfig) =>
      call(ValidateReply, `/connector-plugins/${encodeURIComponent(plugin)}/config/validate`, {
        ...send("PUT", config),
        timeoutMs: 90_000,
      }),
  };
}

function parseJson(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
