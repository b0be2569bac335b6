import type { Engine } from "#domain/catalog/derive-pipelines.ts";
import { ENGINE_NAME as REGISTERED } from "#domain/databases/engine.ts";

export const ENGINE_NAME: Record<Engine, string> = { ...REGISTERED, other: "another source" };
