import { accessRouter } from "../access/router.ts";
import { auditRouter } from "../audit/router.ts";
import { catalogRouter } from "../catalog/router.ts";
import { connectorsRouter } from "../connectors/router.ts";
import { credentialsRouter } from "../credentials/router.ts";
import { databasesRouter } from "../databases/router.ts";
import { deadLettersRouter } from "../dead-letters/router.ts";
import { liveRouter } from "../live/router.ts";
import { pipelinesRouter } from "../pipelines/router.ts";
import { plansRouter } from "../plans/router.ts";
import { reconciliationRouter } from "../reconciliation/router.ts";
import { router } from "./trpc.ts";

export const appRouter = router({
  access: accessRouter,
  audit: auditRouter,
  catalog: catalogRouter,
  connectors: connectorsRouter,
  credentials: credentialsRouter,
  databases: databasesRouter,
  deadLetters: deadLettersRouter,
  live: liveRouter,
  pipelines: pipelinesRouter,
  plans: plansRouter,
  reconciliation: reconciliationRouter,
});
export type AppRouter = typeof appRouter;
