import { CatalogSearch } from "#domain/catalog/search.ts";
import { router, signedInProcedure } from "#server/api/trpc.ts";
import { listClusters } from "./list-clusters.ts";
import { searchCatalog } from "./search-catalog.ts";

export const catalogRouter = router({
  clusters: signedInProcedure.query(({ ctx }) => listClusters(ctx.deps, ctx.actor)),
  search: signedInProcedure
    .input(CatalogSearch)
    .query(({ ctx, input }) => searchCatalog(ctx.deps, ctx.actor, input)),
});
