import type { Route } from "next";

export function connectorPath(ref: { cluster: string; name: string }, tab?: string): Route {
  const path = `/connectors/${encodeURIComponent(ref.cluster)}/${encodeURIComponent(ref.name)}`;
  return (tab ? `${path}?tab=${tab}` : path) as Route;
}

export function editPath(ref: { cluster: string; name: string }): Route {
  return `${connectorPath(ref)}/edit` as Route;
}

/** `io.debezium.connector.postgresql.PostgresConnector` → `PostgresConnector`. */
export function pluginName(plugin: string): string {
  return plugin.split(".").at(-1) ?? plugin;
}
