import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { PipelineView } from "#domain/pipelines/pipeline-view.ts";
import type { PipelineRef } from "#domain/pipelines/schema.ts";
import type { Deps } from "#server/deps.ts";
import { readPipelineViews } from "./read-pipeline-views.ts";

/** One pipeline with all its lanes as last observed. */
export async function getPipeline(
  deps: Pick<Deps, "db" | "now">,
  actor: Actor,
  ref: PipelineRef,
): Promise<PipelineView> {
  requirePermission(actor, "console:view");
  const [view] = await readPipelineViews(deps, ref);
  if (view) return view;
  throw new AppError(
    "not_found",
    `${ref.cluster} has no pipeline that begins with a source connector ${ref.source}, as far as was observed`,
  );
}
