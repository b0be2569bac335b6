import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "#server/api/root.ts";

type Outputs = inferRouterOutputs<AppRouter>["databases"];

export type DatabaseListRow = Outputs["list"]["rows"][number];
export type DatabaseView = Outputs["get"];
export type DatabaseReference = DatabaseView["references"][number];
export type ConnectionTest = Outputs["test"];
export type Readiness = Outputs["readiness"];
export type ReadinessFinding = Readiness["findings"][number];
export type CatalogTable = Outputs["tables"]["tables"][number];
