import { z } from "zod";
import { ListInput } from "../filters/list-input.ts";

/** A pipeline is named by its source connector. */
export const PipelineRef = z.object({ cluster: z.string().min(1), source: z.string().min(1) });
export type PipelineRef = z.infer<typeof PipelineRef>;

export const TableRef = PipelineRef.extend({ table: z.string().min(1) });
export type TableRef = z.infer<typeof TableRef>;

export const TableListInput = ListInput.extend(PipelineRef.shape);
export type TableListInput = z.infer<typeof TableListInput>;
