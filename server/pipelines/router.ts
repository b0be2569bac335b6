import { ListInput } from "#domain/filters/list-input.ts";
import { PipelineRef, TableListInput, TableRef } from "#domain/pipelines/schema.ts";
import { router, signedInProcedure } from "#server/api/trpc.ts";
import { getPipeline } from "./get-pipeline.ts";
import { getTable } from "./get-table.ts";
import { listPipelines } from "./list-pipelines.ts";
import { listTables } from "./list-tables.ts";

export const pipelinesRouter = router({
  list: signedInProcedure
    .input(ListInput)
    .query(({ ctx, input }) => listPipelines(ctx.deps, ctx.actor, input)),
  get: signedInProcedure
    .input(PipelineRef)
    .query(({ ctx, input }) => getPipeline(ctx.deps, ctx.actor, input)),
  tables: signedInProcedure
    .input(TableListInput)
    .query(({ ctx, input }) => listTables(ctx.deps, ctx.actor, input)),
  table: signedInProcedure.input(TableRef).query(({ ctx, input }) => getTable(ctx.deps, ctx.actor, input)),
});
