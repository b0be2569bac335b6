import { z } from "zod";
import { ConnectorRef } from "#domain/connectors/schema.ts";
import {
  AdoptInput,
  ProposeCreateInput,
  ProposeDeleteInput,
  ProposeRevertInput,
  ProposeUpdateInput,
  ValidateInput,
} from "#domain/connectors/version.ts";
import { ListInput } from "#domain/filters/list-input.ts";
import { router, signedInProcedure } from "#server/api/trpc.ts";
import { adoptVersion } from "./adopt-version.ts";
import { getConnector } from "./get-connector.ts";
import { getConnectorOffsets } from "./get-connector-offsets.ts";
import { getConnectorTopics } from "./get-connector-topics.ts";
import { listClusters } from "./list-clusters.ts";
import { listConnectors } from "./list-connectors.ts";
import { listLeftovers } from "./list-leftovers.ts";
import { listPlugins } from "./list-plugins.ts";
import { listSourceTopics } from "./list-source-topics.ts";
import { listVersions } from "./list-versions.ts";
import { OPERATE_MANY_LIMITS, OperateManyInput, operateMany } from "./operate-many.ts";
import { pauseConnector } from "./pause-connector.ts";
import { pluginKeys } from "./plugin-keys.ts";
import { proposeCreate } from "./propose-create.ts";
import { proposeDelete } from "./propose-delete.ts";
import { proposeRevert } from "./propose-revert.ts";
import { proposeUpdate } from "./propose-update.ts";
import { RestartInput, restartConnector } from "./restart-connector.ts";
import { RestartTaskInput, restartTask } from "./restart-task.ts";
import { resumeConnector } from "./resume-connector.ts";
import { stopConnector } from "./stop-connector.ts";
import { summariseConnectors } from "./summarise-connectors.ts";
import { validateConfig } from "./validate-config.ts";

const Cluster = z.object({ cluster: z.string().min(1) });

export const connectorsRouter = router({
  list: signedInProcedure
    .input(ListInput)
    .query(({ ctx, input }) => listConnectors(ctx.deps, ctx.actor, input)),
  summary: signedInProcedure.query(({ ctx }) => summariseConnectors(ctx.deps, ctx.actor)),
  get: signedInProcedure
    .input(ConnectorRef)
    .query(({ ctx, input }) => getConnector(ctx.deps, ctx.actor, input)),
  topics: signedInProcedure
    .input(ConnectorRef)
    .query(({ ctx, input }) => getConnectorTopics(ctx.deps, ctx.actor, input)),
  offsets: signedInProcedure
    .input(ConnectorRef)
    .query(({ ctx, input }) => getConnectorOffsets(ctx.deps, ctx.actor, input)),
  versions: signedInProcedure
    .input(ConnectorRef)
    .query(({ ctx, input }) => listVersions(ctx.deps, ctx.actor, input)),
  leftovers: signedInProcedure
    .input(ConnectorRef)
    .query(({ ctx, input }) => listLeftovers(ctx.deps, ctx.actor, input)),
  clusters: signedInProcedure.query(({ ctx }) => listClusters(ctx.deps, ctx.actor)),
  plugins: signedInProcedure
    .input(Cluster)
    .query(({ ctx, input }) => listPlugins(ctx.deps, ctx.actor, input)),
  pluginKeys: signedInProcedure
    .input(Cluster.extend({ plugin: z.string().min(1).max(300) }))
    .query(({ ctx, input }) => pluginKeys(ctx.deps, ctx.actor, input)),
  sourceTopics: signedInProcedure
    .input(Cluster)
    .query(({ ctx, input }) => listSourceTopics(ctx.deps, ctx.actor, input)),
  validate: signedInProcedure
    .input(ValidateInput)
    .mutation(({ ctx, input }) => validateConfig(ctx.deps, ctx.actor, input)),
  pause: signedInProcedure
    .input(ConnectorRef)
    .mutation(({ ctx, input }) => pauseConnector(ctx.deps, ctx.actor, input)),
  resume: signedInProcedure
    .input(ConnectorRef)
    .mutation(({ ctx, input }) => resumeConnector(ctx.deps, ctx.actor, input)),
  stop: signedInProcedure
    .input(ConnectorRef)
    .mutation(({ ctx, input }) => stopConnector(ctx.deps, ctx.actor, input)),
  restart: signedInProcedure
    .input(RestartInput)
    .mutation(({ ctx, input }) => restartConnector(ctx.deps, ctx.actor, input)),
  restartTask: signedInProcedure
    .input(RestartTaskInput)
    .mutation(({ ctx, input }) => restartTask(ctx.deps, ctx.actor, input)),
  operateMany: signedInProcedure
    .input(OperateManyInput)
    .mutation(({ ctx, input }) => operateMany(ctx.deps, ctx.actor, input, OPERATE_MANY_LIMITS)),
  proposeCreate: signedInProcedure
    .input(ProposeCreateInput)
    .mutation(({ ctx, input }) => proposeCreate(ctx.deps, ctx.actor, input)),
  proposeUpdate: signedInProcedure
    .input(ProposeUpdateInput)
    .mutation(({ ctx, input }) => proposeUpdate(ctx.deps, ctx.actor, input)),
  proposeRevert: signedInProcedure
    .input(ProposeRevertInput)
    .mutation(({ ctx, input }) => proposeRevert(ctx.deps, ctx.actor, input)),
  proposeDelete: signedInProcedure
    .input(ProposeDeleteInput)
    .mutation(({ ctx, input }) => proposeDelete(ctx.deps, ctx.actor, input)),
  adopt: signedInProcedure
    .input(AdoptInput)
    .mutation(({ ctx, input }) => adoptVersion(ctx.deps, ctx.actor, input)),
});
