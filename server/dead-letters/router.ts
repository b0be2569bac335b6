import { ConnectorRef } from "#domain/connectors/schema.ts";
import { ProposeDiscardInput } from "#domain/dead-letters/discard.ts";
import { ProposeIsolationInput } from "#domain/dead-letters/isolation.ts";
import { GroupTimelineInput, ListRatesInput } from "#domain/dead-letters/numbers.ts";
import { ProposeQuarantineInput } from "#domain/dead-letters/quarantine-steps.ts";
import {
  ChangeReplayInput,
  ProposeEditReplayInput,
  ProposeReplayInput,
  ReplayId,
} from "#domain/dead-letters/replay-input.ts";
import { ProposeRereadInput } from "#domain/dead-letters/reread-input.ts";
import {
  CreateRuleInput,
  EnableRuleInput,
  Rule,
  RuleId,
  UpdateRuleInput,
} from "#domain/dead-letters/rules.ts";
import {
  AssignGroupInput,
  DeadLetterId,
  GroupId,
  ListRecordsInput,
  MuteGroupInput,
  SettleInput,
} from "#domain/dead-letters/schema.ts";
import { AddTopicInput, CopyPolicyInput, ExcludeTopicInput } from "#domain/dead-letters/topics.ts";
import { ListInput } from "#domain/filters/list-input.ts";
import { router, signedInProcedure } from "#server/api/trpc.ts";
import { analyseStoppedSink } from "./analyse-stopped-sink.ts";
import { assignGroup, muteGroup, unmuteGroup } from "./change-group.ts";
import { changeReplay, getReplay } from "./change-replay.ts";
import { createRule, deleteRule, enableRule, updateRule } from "./change-rules.ts";
import { addTopic, excludeTopic, setCopyPolicy } from "./change-topic.ts";
import { describeGroup, getGroupTimeline } from "./describe-group.ts";
import { getGroup } from "./get-group.ts";
import { getRecord, revealRecord } from "./get-record.ts";
import { listGroups } from "./list-groups.ts";
import { listRates } from "./list-rates.ts";
import { listRecords } from "./list-records.ts";
import { listRules, listRuleVersions } from "./list-rules.ts";
import { listTopics } from "./list-topics.ts";
import { previewRule } from "./preview-rule.ts";
import { proposeDiscard } from "./propose-discard.ts";
import { proposeEditReplay, revealEdit } from "./propose-edit-replay.ts";
import { proposeIsolation } from "./propose-isolation.ts";
import { proposeQuarantine } from "./propose-quarantine.ts";
import { proposeReplay } from "./propose-replay.ts";
import { proposeReread } from "./propose-reread.ts";
import { getRecordContext, revealRecordContext } from "./record-context.ts";
import { ignoreRecords, reopenRecords, resolveRecords } from "./settle-records.ts";
import { summariseDeadLetters } from "./summarise-dead-letters.ts";

export const deadLettersRouter = router({
  summary: signedInProcedure.query(({ ctx }) => summariseDeadLetters(ctx.deps, ctx.actor)),
  groups: signedInProcedure
    .input(ListInput)
    .query(({ ctx, input }) => listGroups(ctx.deps, ctx.actor, input)),
  group: signedInProcedure.input(GroupId).query(({ ctx, input }) => getGroup(ctx.deps, ctx.actor, input)),
  groupDescription: signedInProcedure
    .input(GroupId)
    .query(({ ctx, input }) => describeGroup(ctx.deps, ctx.actor, input)),
  groupTimeline: signedInProcedure
    .input(GroupTimelineInput)
    .query(({ ctx, input }) => getGroupTimeline(ctx.deps, ctx.actor, input)),
  rates: signedInProcedure
    .input(ListRatesInput)
    .query(({ ctx, input }) => listRates(ctx.deps, ctx.actor, input)),
  records: signedInProcedure
    .input(ListRecordsInput)
    .query(({ ctx, input }) => listRecords(ctx.deps, ctx.actor, input)),
  record: signedInProcedure
    .input(DeadLetterId)
    .query(({ ctx, input }) => getRecord(ctx.deps, ctx.actor, input)),
  reveal: signedInProcedure
    .input(DeadLetterId)
    .mutation(({ ctx, input }) => revealRecord(ctx.deps, ctx.actor, input)),
  context: signedInProcedure
    .input(DeadLetterId)
    .query(({ ctx, input }) => getRecordContext(ctx.deps, ctx.actor, input)),
  revealContext: signedInProcedure
    .input(DeadLetterId)
    .mutation(({ ctx, input }) => revealRecordContext(ctx.deps, ctx.actor, input)),
  mute: signedInProcedure
    .input(MuteGroupInput)
    .mutation(({ ctx, input }) => muteGroup(ctx.deps, ctx.actor, input)),
  unmute: signedInProcedure
    .input(GroupId)
    .mutation(({ ctx, input }) => unmuteGroup(ctx.deps, ctx.actor, input)),
  assign: signedInProcedure
    .input(AssignGroupInput)
    .mutation(({ ctx, input }) => assignGroup(ctx.deps, ctx.actor, input)),
  resolve: signedInProcedure
    .input(SettleInput)
    .mutation(({ ctx, input }) => resolveRecords(ctx.deps, ctx.actor, input)),
  ignore: signedInProcedure
    .input(SettleInput)
    .mutation(({ ctx, input }) => ignoreRecords(ctx.deps, ctx.actor, input)),
  reopen: signedInProcedure
    .input(SettleInput)
    .mutation(({ ctx, input }) => reopenRecords(ctx.deps, ctx.actor, input)),
  topics: signedInProcedure.query(({ ctx }) => listTopics(ctx.deps, ctx.actor)),
  addTopic: signedInProcedure
    .input(AddTopicInput)
    .mutation(({ ctx, input }) => addTopic(ctx.deps, ctx.actor, input)),
  excludeTopic: signedInProcedure
    .input(ExcludeTopicInput)
    .mutation(({ ctx, input }) => excludeTopic(ctx.deps, ctx.actor, input)),
  setCopyPolicy: signedInProcedure
    .input(CopyPolicyInput)
    .mutation(({ ctx, input }) => setCopyPolicy(ctx.deps, ctx.actor, input)),
  rules: signedInProcedure.query(({ ctx }) => listRules(ctx.deps, ctx.actor)),
  ruleVersions: signedInProcedure
    .input(RuleId)
    .query(({ ctx, input }) => listRuleVersions(ctx.deps, ctx.actor, input)),
  previewRule: signedInProcedure
    .input(Rule)
    .query(({ ctx, input }) => previewRule(ctx.deps, ctx.actor, input)),
  createRule: signedInProcedure
    .input(CreateRuleInput)
    .mutation(({ ctx, input }) => createRule(ctx.deps, ctx.actor, input)),
  updateRule: signedInProcedure
    .input(UpdateRuleInput)
    .mutation(({ ctx, input }) => updateRule(ctx.deps, ctx.actor, input)),
  enableRule: signedInProcedure
    .input(EnableRuleInput)
    .mutation(({ ctx, input }) => enableRule(ctx.deps, ctx.actor, input)),
  deleteRule: signedInProcedure
    .input(RuleId)
    .mutation(({ ctx, input }) => deleteRule(ctx.deps, ctx.actor, input)),
  stoppedSink: signedInProcedure
    .input(ConnectorRef)
    .query(({ ctx, input }) => analyseStoppedSink(ctx.deps, ctx.actor, input)),
  proposeQuarantine: signedInProcedure
    .input(ProposeQuarantineInput)
    .mutation(({ ctx, input }) => proposeQuarantine(ctx.deps, ctx.actor, input)),
  proposeDiscard: signedInProcedure
    .input(ProposeDiscardInput)
    .mutation(({ ctx, input }) => proposeDiscard(ctx.deps, ctx.actor, input)),
  proposeIsolation: signedInProcedure
    .input(ProposeIsolationInput)
    .mutation(({ ctx, input }) => proposeIsolation(ctx.deps, ctx.actor, input)),
  proposeReplay: signedInProcedure
    .input(ProposeReplayInput)
    .mutation(({ ctx, input }) => proposeReplay(ctx.deps, ctx.actor, input)),
  proposeEditReplay: signedInProcedure
    .input(ProposeEditReplayInput)
    .mutation(({ ctx, input }) => proposeEditReplay(ctx.deps, ctx.actor, input)),
  revealEdit: signedInProcedure
    .input(ReplayId)
    .mutation(({ ctx, input }) => revealEdit(ctx.deps, ctx.actor, input)),
  proposeReread: signedInProcedure
    .input(ProposeRereadInput)
    .mutation(({ ctx, input }) => proposeReread(ctx.deps, ctx.actor, input)),
  replay: signedInProcedure.input(ReplayId).query(({ ctx, input }) => getReplay(ctx.deps, ctx.actor, input)),
  changeReplay: signedInProcedure
    .input(ChangeReplayInput)
    .mutation(({ ctx, input }) => changeReplay(ctx.deps, ctx.actor, input)),
});
