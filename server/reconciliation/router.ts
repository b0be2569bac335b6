import { ListInput } from "#domain/filters/list-input.ts";
import {
  CheckedTableId,
  CheckRunId,
  CreateReportInput,
  DiscrepancyId,
  HeatMapInput,
  HistoryInput,
  IgnoreInput,
  ListChecksInput,
  ListDiscrepanciesInput,
  ProposeRepairInput,
  RecheckInput,
  ReportId,
  ResolveInput,
  StartCheckInput,
  UpdateSettingsInput,
} from "#domain/reconciliation/schema.ts";
import { router, signedInProcedure } from "#server/api/trpc.ts";
import { abortCheck } from "./abort-check.ts";
import { ignoreDiscrepancies, reopenDiscrepancies, resolveDiscrepancies } from "./decide-discrepancies.ts";
import { getCheckedTable } from "./get-checked-table.ts";
import { getFleet, getHeatMap } from "./get-fleet.ts";
import { getHistory } from "./get-history.ts";
import { getKeySpread } from "./get-key-spread.ts";
import { listCheckedTables } from "./list-checked-tables.ts";
import { getCheck, listChecks } from "./list-checks.ts";
import { listDiscrepancies } from "./list-discrepancies.ts";
import { proposeCheck } from "./propose-check.ts";
import { proposeRepair } from "./propose-repair.ts";
import { getDiscrepancy, revealDiscrepancy } from "./read-discrepancy.ts";
import { recheckRows } from "./recheck-rows.ts";
import { createReport, getReport, listReports } from "./reports.ts";
import { startCheck } from "./start-check.ts";
import { updateSettings } from "./update-settings.ts";

export const reconciliationRouter = router({
  fleet: signedInProcedure.query(({ ctx }) => getFleet(ctx.deps, ctx.actor)),
  heatMap: signedInProcedure
    .input(HeatMapInput)
    .query(({ ctx, input }) => getHeatMap(ctx.deps, ctx.actor, input)),
  tables: signedInProcedure
    .input(ListInput)
    .query(({ ctx, input }) => listCheckedTables(ctx.deps, ctx.actor, input)),
  table: signedInProcedure
    .input(CheckedTableId)
    .query(({ ctx, input }) => getCheckedTable(ctx.deps, ctx.actor, input)),
  history: signedInProcedure
    .input(HistoryInput)
    .query(({ ctx, input }) => getHistory(ctx.deps, ctx.actor, input)),
  keySpread: signedInProcedure
    .input(CheckedTableId)
    .query(({ ctx, input }) => getKeySpread(ctx.deps, ctx.actor, input)),
  updateSettings: signedInProcedure
    .input(UpdateSettingsInput)
    .mutation(({ ctx, input }) => updateSettings(ctx.deps, ctx.actor, input)),
  start: signedInProcedure
    .input(StartCheckInput)
    .mutation(({ ctx, input }) => startCheck(ctx.deps, ctx.actor, input)),
  propose: signedInProcedure
    .input(StartCheckInput)
    .mutation(({ ctx, input }) => proposeCheck(ctx.deps, ctx.actor, input)),
  abort: signedInProcedure
    .input(CheckRunId)
    .mutation(({ ctx, input }) => abortCheck(ctx.deps, ctx.actor, input)),
  runs: signedInProcedure
    .input(ListChecksInput)
    .query(({ ctx, input }) => listChecks(ctx.deps, ctx.actor, input)),
  run: signedInProcedure.input(CheckRunId).query(({ ctx, input }) => getCheck(ctx.deps, ctx.actor, input)),
  discrepancies: signedInProcedure
    .input(ListDiscrepanciesInput)
    .query(({ ctx, input }) => listDiscrepancies(ctx.deps, ctx.actor, input)),
  discrepancy: signedInProcedure
    .input(DiscrepancyId)
    .query(({ ctx, input }) => getDiscrepancy(ctx.deps, ctx.actor, input)),
  reveal: signedInProcedure
    .input(DiscrepancyId)
    .mutation(({ ctx, input }) => revealDiscrepancy(ctx.deps, ctx.actor, input)),
  recheck: signedInProcedure
    .input(RecheckInput)
    .mutation(({ ctx, input }) => recheckRows(ctx.deps, ctx.actor, input)),
  ignore: signedInProcedure
    .input(IgnoreInput)
    .mutation(({ ctx, input }) => ignoreDiscrepancies(ctx.deps, ctx.actor, input)),
  resolve: signedInProcedure
    .input(ResolveInput)
    .mutation(({ ctx, input }) => resolveDiscrepancies(ctx.deps, ctx.actor, input)),
  reopen: signedInProcedure
    .input(ResolveInput)
    .mutation(({ ctx, input }) => reopenDiscrepancies(ctx.deps, ctx.actor, input)),
  proposeRepair: signedInProcedure
    .input(ProposeRepairInput)
    .mutation(({ ctx, input }) => proposeRepair(ctx.deps, ctx.actor, input)),
  reports: signedInProcedure
    .input(CreateReportInput)
    .query(({ ctx, input }) => listReports(ctx.deps, ctx.actor, input)),
  report: signedInProcedure.input(ReportId).query(({ ctx, input }) => getReport(ctx.deps, ctx.actor, input)),
  createReport: signedInProcedure
    .input(CreateReportInput)
    .mutation(({ ctx, input }) => createReport(ctx.deps, ctx.actor, input)),
});
