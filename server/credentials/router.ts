import { CheckReferenceInput, CredentialRef } from "#domain/credentials/schema.ts";
import { ListInput } from "#domain/filters/list-input.ts";
import { router, signedInProcedure } from "#server/api/trpc.ts";
import { checkReference } from "./check-reference.ts";
import { getCredential } from "./get-credential.ts";
import { listCredentials } from "./list-credentials.ts";

export const credentialsRouter = router({
  list: signedInProcedure
    .input(ListInput)
    .query(({ ctx, input }) => listCredentials(ctx.deps, ctx.actor, input)),
  get: signedInProcedure
    .input(CredentialRef)
    .query(({ ctx, input }) => getCredential(ctx.deps, ctx.actor, input)),
  check: signedInProcedure
    .input(CheckReferenceInput)
    .query(({ ctx, input }) => checkReference(ctx.deps, ctx.actor, input)),
});
