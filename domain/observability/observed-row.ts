import type { ConnectorConfig, ConnectState } from "../connectors/schema.ts";
import type { ObservedTask } from "./observed-connector.ts";
import { redactConfig, redactText } from "./redact-observed.ts";

/** One connector as Kafka Connect lists it; either half may be missing while it is being created or deleted. */
export interface ListedConnector {
  info?: { config: ConnectorConfig; type?: "source" | "sink" | "unknown" | null | undefined } | undefined;
  status?:
    | {
        type?: "source" | "sink" | "unknown" | null | undefined;
        connector: {
          state: ConnectState;
          worker_id: string;
          trace?: string | undefined;
          version?: string | undefined;
        };
        tasks: { id: number; state: ConnectState; worker_id: string; trace?: string | undefined }[];
      }
    | undefined;
}

export interface ObservedRow {
  name: string;
  type: "source" | "sink" | "unknown";
  plugin: string;
  pluginVersion: string | null;
  state: ConnectState;
  trace: string | null;
  tasks: ObservedTask[];
  config: ConnectorConfig;
  plaintextSecretKeys: string[];
  worker: string;
}

/** What is stored of a listed connector, without secrets; nothing while Connect does not know its configuration yet. */
export function observedRow(name: string, { info, status }: ListedConnector): ObservedRow | undefined {
  if (!info) return undefined;
  const { config, plaintextSecretKeys, secrets } = redactConfig(info.config);
  const trace = (text: string | undefined) => (text ? redactText(text, secrets) : undefined);
  const tasks = (status?.tasks ?? []).map((task) => {
    const taskTrace = trace(task.trace);
    const seen = { id: task.id, state: task.state, worker: task.worker_id };
    return taskTrace ? { ...seen, trace: taskTrace } : seen;
  });
  return {
    name,
    type: info.type ?? status?.type ?? "unknown",
    plugin: info.config["connector.class"] ?? "",
    pluginVersion: status?.connector.version ?? null,
    // The status topic lags the configuration: right after creation there is none.
    state: status?.connector.state ?? "UNASSIGNED",
    trace: trace(status?.connector.trace) ?? null,
    tasks: tasks.sort((a, b) => a.id - b.id),
    config,
    plaintextSecretKeys,
    worker: status?.connector.worker_id ?? "",
  };
}
