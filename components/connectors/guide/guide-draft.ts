import { z } from "zod";
import { defaultJdbcSink, JdbcSinkAnswers } from "#domain/connectors/jdbc-sink.ts";
import { defaultPostgresSource, PostgresSourceAnswers } from "#domain/connectors/postgres-source.ts";
import { ConnectorConfig } from "#domain/connectors/schema.ts";

export const GuideKind = z.enum(["source", "sink", "import"]);
export type GuideKind = z.infer<typeof GuideKind>;

/** The guide's answers so far, complete or not; the rules are applied when a step is left. */
export const GuideDraft = z.object({
  kind: GuideKind,
  cluster: z.string(),
  name: z.string(),
  databaseId: z.string().optional(),
  /** Name of the chosen database on its server: defaults are made from it. */
  databaseName: z.string(),
  source: z.looseObject({}).transform((value) => ({ ...defaultPostgresSource("", ""), ...value })),
  sink: z.looseObject({}).transform((value) => ({ ...defaultJdbcSink(""), ...value })),
  imported: ConnectorConfig,
});

export interface GuideState {
  kind: GuideKind;
  cluster: string;
  name: string;
  databaseId: string | undefined;
  databaseName: string;
  source: PostgresSourceAnswers;
  sink: JdbcSinkAnswers;
  imported: ConnectorConfig;
}

export function readGuideDraft(value: unknown): GuideState | undefined {
  const parsed = GuideDraft.safeParse(value);
  return parsed.success ? { ...parsed.data, databaseId: parsed.data.databaseId } : undefined;
}

export function emptyGuide(kind: GuideKind, cluster: string): GuideState {
  return {
    kind,
    cluster,
    name: "",
    databaseId: undefined,
    databaseName: "",
    source: defaultPostgresSource("", ""),
    sink: defaultJdbcSink(""),
    imported: {},
  };
}

/** A new name or database carries along what was made from the old one, and leaves what a person chose. */
export function withIdentity(
  state: GuideState,
  change: Partial<Pick<GuideState, "name" | "databaseName" | "databaseId">>,
): GuideState {
  const next = { ...state, ...change };
  const [wasSource, isSource] = [
    defaultPostgresSource(state.name, state.databaseName),
    defaultPostgresSource(next.name, next.databaseName),
  ];
  const [wasSink, isSink] = [defaultJdbcSink(state.name), defaultJdbcSink(next.name)];
  const isOtherDatabase = change.databaseId !== undefined && change.databaseId !== state.databaseId;
  return {
    ...next,
    source: {
      ...state.source,
      name: next.name,
      topicPrefix: follow(state.source.topicPrefix, wasSource.topicPrefix, isSource.topicPrefix),
      slotName: follow(state.source.slotName, wasSource.slotName, isSource.slotName),
      publicationName: follow(
        state.source.publicationName,
        wasSource.publicationName,
        isSource.publicationName,
      ),
      tables: isOtherDatabase ? [] : state.source.tables,
    },
    sink: {
      ...state.sink,
      name: next.name,
      deadLetterTopic: follow(state.sink.deadLetterTopic, wasSink.deadLetterTopic, isSink.deadLetterTopic),
    },
  };
}

function follow(value: string, wasDefault: string, isDefault: string): string {
  return value === wasDefault ? isDefault : value;
}

export interface StepProblem {
  path: string;
  message: string;
}

/** What is missing or wrong in the answers, by field. */
export function answerProblems(state: GuideState): StepProblem[] {
  if (state.kind === "import") return [];
  const schema = state.kind === "source" ? PostgresSourceAnswers : JdbcSinkAnswers;
  const parsed = schema.safeParse(state.kind === "source" ? state.source : state.sink);
  if (parsed.success) return [];
  const problems = parsed.error.issues.map((issue) => ({
    path: issue.path.join("."),
    message: issue.message,
  }));
  return problems.filter(
    (problem, index) => problems.findIndex((each) => each.path === problem.path) === index,
  );
}
