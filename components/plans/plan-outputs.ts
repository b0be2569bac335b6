import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "#server/api/root.ts";

type Outputs = inferRouterOutputs<AppRouter>["plans"];

export type PlanRow = Outputs["list"]["rows"][number];
export type Plan = Outputs["get"];
export type Run = NonNullable<Plan["run"]>;
export type RunStep = Run["steps"][number];
export type RunItem = Outputs["items"]["rows"][number];
