import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "#server/api/root.ts";

type Outputs = inferRouterOutputs<AppRouter>["reconciliation"];

export type Fleet = Outputs["fleet"];
export type HeatMap = Outputs["heatMap"];
export type CheckedTableRow = Outputs["tables"]["rows"][number];
export type CheckedTable = Outputs["table"];
export type CheckRow = Outputs["runs"]["rows"][number];
export type Check = Outputs["run"];
export type DiscrepancyRow = Outputs["discrepancies"]["rows"][number];
export type Discrepancy = Outputs["discrepancy"];
export type TableHistory = Outputs["history"];
export type Report = Outputs["report"];
export type KeySpread = NonNullable<Outputs["keySpread"]>;
