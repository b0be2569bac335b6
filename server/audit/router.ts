import { AuditActId, AuditListInput } from "#domain/audit/schema.ts";
import { router, signedInProcedure } from "../api/trpc.ts";
import { getAuditAct } from "./get-audit-act.ts";
import { listAuditEntries } from "./list-audit-entries.ts";
import { getAuditState, verifyAudit } from "./verify-audit.ts";

export const auditRouter = router({
  list: signedInProcedure
    .input(AuditListInput)
    .query(({ ctx, input }) => listAuditEntries(ctx.deps, ctx.actor, input)),
  get: signedInProcedure.input(AuditActId).query(({ ctx, input }) => getAuditAct(ctx.deps, ctx.actor, input)),
  state: signedInProcedure.query(({ ctx }) => getAuditState(ctx.deps, ctx.actor)),
  verify: signedInProcedure.mutation(({ ctx }) => verifyAudit(ctx.deps, ctx.actor)),
});
