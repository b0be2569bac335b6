import {
  DatabaseDraft,
  DatabaseId,
  DatabaseRemoval,
  DatabaseUpdate,
  ReadinessQuery,
  TableListQuery,
} from "#domain/databases/schema.ts";
import { ListInput } from "#domain/filters/list-input.ts";
import { router, signedInProcedure } from "#server/api/trpc.ts";
import { checkReadiness } from "./check-readiness.ts";
import { getDatabase } from "./get-database.ts";
import { listDatabases } from "./list-databases.ts";
import { listTables } from "./list-tables.ts";
import { registerDatabase } from "./register-database.ts";
import { removeDatabase } from "./remove-database.ts";
import { testConnection, testDraftConnection } from "./test-connection.ts";
import { updateDatabase } from "./update-database.ts";

export const databasesRouter = router({
  list: signedInProcedure
    .input(ListInput)
    .query(({ ctx, input }) => listDatabases(ctx.deps, ctx.actor, input)),
  get: signedInProcedure.input(DatabaseId).query(({ ctx, input }) => getDatabase(ctx.deps, ctx.actor, input)),
  tables: signedInProcedure
    .input(TableListQuery)
    .query(({ ctx, input }) => listTables(ctx.deps, ctx.actor, input)),
  readiness: signedInProcedure
    .input(ReadinessQuery)
    .query(({ ctx, input }) => checkReadiness(ctx.deps, ctx.actor, input)),
  register: signedInProcedure
    .input(DatabaseDraft)
    .mutation(({ ctx, input }) => registerDatabase(ctx.deps, ctx.actor, input)),
  update: signedInProcedure
    .input(DatabaseUpdate)
    .mutation(({ ctx, input }) => updateDatabase(ctx.deps, ctx.actor, input)),
  remove: signedInProcedure
    .input(DatabaseRemoval)
    .mutation(({ ctx, input }) => removeDatabase(ctx.deps, ctx.actor, input)),
  test: signedInProcedure
    .input(DatabaseId)
    .mutation(({ ctx, input }) => testConnection(ctx.deps, ctx.actor, input)),
  testDraft: signedInProcedure
    .input(DatabaseDraft)
    .mutation(({ ctx, input }) => testDraftConnection(ctx.deps, ctx.actor, input)),
});
