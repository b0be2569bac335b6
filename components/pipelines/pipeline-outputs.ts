import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "#server/api/root.ts";

type Outputs = inferRouterOutputs<AppRouter>["pipelines"];

export type PipelineRow = Outputs["list"]["rows"][number];
export type TableRow = Outputs["tables"]["rows"][number];
export type TableView = Outputs["table"];
