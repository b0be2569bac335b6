"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { useEffect, useRef, useState } from "react";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { ErrorSummary } from "#components/ui/error-summary.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import type { GuideCluster } from "../connector-outputs.ts";
import { useDraft } from "../use-draft.ts";
import { answerProblems, emptyGuide, type GuideState, readGuideDraft } from "./guide-draft.ts";
import { isAskedIn, STEP_TITLE, STEPS, type StepId } from "./guide-steps.ts";
import { ImportStep } from "./import-step.tsx";
import { ReviewStep } from "./review-step.tsx";
import { SinkSettings } from "./sink-settings.tsx";
import { SourceSettings } from "./source-settings.tsx";
import { StartStep } from "./start-step.tsx";
import { StepList } from "./step-list.tsx";
import { TablesStep } from "./tables-step.tsx";
import { TestStep } from "./test-step.tsx";
import { TopicsStep } from "./topics-step.tsx";

/** What every step is given. */
export interface StepProps {
  state: GuideState;
  change: (state: GuideState) => void;
  cluster: GuideCluster;
  /** Problems of this step's fields, once somebody tried to leave it. */
  problems: Readonly<Record<string, string>>;
  goTo: (step: StepId) => void;
}

export function Guide() {
  const trpc = useTRPC();
  const query = useQuery(trpc.connectors.clusters.queryOptions());
  const { allowed, reason } = usePermission("connectors:configure");
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Connectors", href: "/connectors" }]}
        title="New connector"
        answer="A few answers become a plan; nothing is made until you run it."
      />
      {allowed ? (
        <QueryState query={query} what="the clusters">
          {(clusters) =>
            clusters[0] ? (
              <GuideSteps clusters={clusters} first={clusters[0]} />
            ) : (
              <StateMessage kind="empty" title="No cluster is configured">
                Name a cluster in headgate.yaml or the environment first.
              </StateMessage>
            )
          }
        </QueryState>
      ) : (
        <StateMessage kind="forbidden" title="Your roles do not allow this">
          {reason}
        </StateMessage>
      )}
    </>
  );
}

function GuideSteps({ clusters, first }: { clusters: readonly GuideCluster[]; first: GuideCluster }) {
  const [state, setState, forget] = useDraft<GuideState>("headgate:new-connector", readGuideDraft, () =>
    emptyGuide("source", first.name),
  );
  const [wanted, setWanted] = useQueryState(
    "step",
    parseAsString.withDefault("start").withOptions({ history: "push" }),
  );
  const [tried, setTried] = useState<StepId>();
  const cluster = clusters.find((each) => each.name === state.cluster) ?? first;
  const steps = STEPS[state.kind];
  const problems = answerProblems(state);
  const blocker = steps.findIndex((step) => stepProblems(step, state, problems).length > 0);
  // A link or the back button leads no further than the answers do.
  const reachable = blocker < 0 ? steps.length - 1 : blocker;
  const index = Math.min(Math.max(0, (steps as readonly string[]).indexOf(wanted)), reachable);
  const step = steps[index] ?? "start";
  const own = stepProblems(step, state, problems);
  const shown = tried === step ? own : [];

  const place = useRef<HTMLFieldSetElement>(null);
  const seen = useRef(step);
  useEffect(() => {
    if (seen.current === step) return;
    seen.current = step;
    // The next Tab leads into the new step, and a screen reader says which one it is.
    place.current?.focus();
  }, [step]);

  const goTo = (next: StepId) => {
    setTried(undefined);
    void setWanted(next === "start" ? null : next);
  };
  const next = () => {
    const following = steps[index + 1];
    if (own.length > 0) return setTried(step);
    if (following) goTo(following);
  };
  const props: StepProps = {
    state,
    change: setState,
    cluster,
    problems: Object.fromEntries(shown.map((problem) => [problem.path, problem.message])),
    goTo,
  };

  return (
    <div className="grid items-start gap-3 lg:grid-cols-[13rem_minmax(0,1fr)]">
      <StepList steps={steps} current={step} reachable={reachable} onChoose={goTo} />
      <fieldset ref={place} tabIndex={-1} aria-label={STEP_TITLE[step]} className="min-w-0 outline-none">
        <Section title={STEP_TITLE[step]}>
          <form
            className="flex flex-col gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              next();
            }}
          >
            <ErrorSummary
              problems={shown.map(({ path, message }) => ({ fieldId: `answer-${path}`, message }))}
            />
            <StepContent step={step} clusters={clusters} forget={forget} {...props} />
            {step !== "review" && (
              <div className="flex gap-2 border-t pt-3">
                <Button type="submit" variant="primary">
                  Next
                </Button>
                {index > 0 && <Button onClick={() => goTo(steps[index - 1] ?? "start")}>Back</Button>}
              </div>
            )}
          </form>
        </Section>
      </fieldset>
    </div>
  );
}

function stepProblems(
  step: StepId,
  state: GuideState,
  problems: readonly { path: string; message: string }[],
) {
  const own = problems.filter((problem) => isAskedIn(step, problem.path));
  if (step === "start" && state.kind === "import" && state.name === "")
    return [{ path: "name", message: "Give the connector a name" }];
  if (step === "start" && state.kind !== "import" && state.databaseId === undefined) {
    return [...own, { path: "database", message: "Choose the database" }];
  }
  if (step === "import" && Object.keys(state.imported).length === 0)
    return [{ path: "import", message: "Paste the configuration" }];
  return own;
}

function StepContent({
  step,
  clusters,
  forget,
  ...props
}: StepProps & { step: StepId; clusters: readonly GuideCluster[]; forget: () => void }) {
  switch (step) {
    case "start":
      return <StartStep clusters={clusters} {...props} />;
    case "import":
      return <ImportStep {...props} />;
    case "test":
      return <TestStep {...props} />;
    case "tables":
      return <TablesStep {...props} />;
    case "topics":
      return <TopicsStep {...props} />;
    case "settings":
      return props.state.kind === "source" ? <SourceSettings {...props} /> : <SinkSettings {...props} />;
    case "review":
      return <ReviewStep forget={forget} {...props} />;
  }
}
