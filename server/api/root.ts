import { accessRouter } from "../access/router.ts";
import { auditRouter } from "../audit/router.ts";
import { connectorsRouter } from "../connectors/router.ts";
import { createCallerFactory, router } from "./trpc.ts";

export const appRouter = router({
  access: accessRouter,
  audit: auditRouter,
  connectors: connectorsRouter,
});
export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
