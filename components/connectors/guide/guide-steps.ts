import type { GuideKind } from "./guide-draft.ts";

export type StepId = "start" | "import" | "test" | "tables" | "topics" | "settings" | "review";

export const STEP_TITLE: Record<StepId, string> = {
  start: "Kind and database",
  import: "Configuration",
  test: "Test",
  tables: "Tables",
  topics: "Topics",
  settings: "Settings",
  review: "Review",
};

export const STEPS: Record<GuideKind, readonly StepId[]> = {
  source: ["start", "test", "tables", "settings", "review"],
  sink: ["start", "test", "topics", "settings", "review"],
  import: ["start", "import", "review"],
};

/** Which answers a step asks for: its problems keep it from being left. */
const ASKED: Partial<Record<StepId, readonly string[]>> = {
  start: ["name"],
  tables: ["tables"],
  topics: ["topics"],
};

export function isAskedIn(step: StepId, path: string): boolean {
  const own = ASKED[step];
  if (own) return own.includes(path);
  return step === "settings" && !Object.values(ASKED).flat().includes(path);
}

/** Where a key of the configuration is answered. */
export function stepOfKey(kind: GuideKind, key: string): StepId {
  if (kind === "import") return key === "name" ? "start" : "import";
  if (key === "name" || /^(database\.(hostname|port|dbname|user|password|sslmode)|connection\.)/.test(key))
    return "start";
  if (key === "table.include.list") return "tables";
  if (key === "topics") return "topics";
  return "settings";
}
