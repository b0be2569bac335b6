import { z } from "zod";
import { ConnectorConfig, ConnectState } from "#domain/connectors/schema.ts";

export const WorkerInfo = z.object({ version: z.string(), commit: z.string(), kafka_cluster_id: z.string() });

export const ConnectorInfo = z.object({
  name: z.string(),
  config: ConnectorConfig,
  tasks: z.array(z.object({ connector: z.string(), task: z.number() })),
  type: z.enum(["source", "sink", "unknown"]).nullish(),
});

const State = z.object({
  state: ConnectState,
  worker_id: z.string(),
  trace: z.string().optional(),
  /** Null while a task restarts (4.3.1). */
  version: z
    .string()
    .nullish()
    .transform((version) => version ?? undefined),
});

export const ConnectorStatus = z.object({
  name: z.string(),
  type: z.enum(["source", "sink", "unknown"]).nullish(),
  connector: State,
  tasks: z.array(State.extend({ id: z.number() })),
});
export type ConnectorStatus = z.infer<typeof ConnectorStatus>;

/** Either half can be missing for a moment while a connector is being created or deleted. */
export const ConnectorListing = z.record(
  z.string(),
  z.object({ info: ConnectorInfo.optional(), status: ConnectorStatus.optional() }),
);
export type ConnectorListing = z.infer<typeof ConnectorListing>;

export const OffsetsReply = z.object({
  offsets: z.array(
    z.object({
      partition: z.record(z.string(), z.json()),
      offset: z.record(z.string(), z.json()).nullable(),
    }),
  ),
});

export const PluginReply = z.object({ class: z.string(), type: z.string(), version: z.string().nullish() });

/** The position of a key within its group is named `order` up to Connect 4.1 and `order_in_group` from 4.2. */
export const KeyDefinition = z
  .object({
    name: z.string(),
    type: z.string(),
    required: z.boolean(),
    default_value: z.string().nullable(),
    importance: z.string(),
    documentation: z.string().nullable(),
    group: z.string().nullable(),
    width: z.string().nullish(),
    display_name: z.string().nullish(),
    dependents: z.array(z.string()).nullish(),
    order: z.number().optional(),
    order_in_group: z.number().optional(),
  })
  .transform(({ order, order_in_group, ...rest }) => ({ ...rest, order: order ?? order_in_group ?? 0 }));
export type KeyDefinition = z.infer<typeof KeyDefinition>;

export const ValidateReply = z.object({
  name: z.string(),
  error_count: z.number(),
  groups: z.array(z.string()),
  configs: z.array(
    z.object({
      definition: KeyDefinition,
      /** Missing for internal keys that the plugin defines without using them. */
      value: z
        .object({
          name: z.string(),
          value: z.string().nullable(),
          recommended_values: z.array(z.string()).nullish(),
          errors: z.array(z.string()),
          visible: z.boolean(),
        })
        .nullable(),
    }),
  ),
});
export type ValidateReply = z.infer<typeof ValidateReply>;
