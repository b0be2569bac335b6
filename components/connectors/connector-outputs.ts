import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "#server/api/root.ts";

type Outputs = inferRouterOutputs<AppRouter>["connectors"];

export type ConnectorRow = Outputs["list"]["rows"][number];
export type ConnectorSummary = Outputs["summary"];
export type ConnectorView = Outputs["get"];
export type ConnectorTask = ConnectorView["tasks"][number];
export type ConnectorVersion = Outputs["versions"][number];
export type ConnectorTopic = Outputs["topics"][number];
export type OperatedItem = Outputs["operateMany"][number];
export type GuideCluster = Outputs["clusters"][number];
export type SourceTopic = Outputs["sourceTopics"][number];
export type Validation = Outputs["validate"];
