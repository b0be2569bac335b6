import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "#server/api/root.ts";

type Outputs = inferRouterOutputs<AppRouter>["deadLetters"];

export type Summary = Outputs["summary"];
export type GroupRow = Outputs["groups"]["rows"][number];
export type Group = Outputs["group"];
export type GroupDescription = Outputs["groupDescription"];
export type Rates = Outputs["rates"];
export type LetterRule = Outputs["rules"][number];
export type RulePreview = Outputs["previewRule"];
export type LetterTopic = Outputs["topics"][number];
export type RecordRow = Outputs["records"]["rows"][number];
export type DeadLetter = Outputs["record"];
export type Revealed = Outputs["reveal"];
export type RecordContext = Outputs["context"];
export type StoppedSink = Outputs["stoppedSink"];
export type Replay = Outputs["replay"];
