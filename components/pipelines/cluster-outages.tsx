import type { inferRouterOutputs } from "@trpc/server";
import { Age } from "#components/ui/age.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { UPSTREAM_NAME } from "#domain/observability/upstream-name.ts";
import type { AppRouter } from "#server/api/root.ts";

type Clusters = inferRouterOutputs<AppRouter>["catalog"]["clusters"]["clusters"];

/** What is old on this screen while this system is silent. */
const WHAT_AGES = {
  connect: "States of connectors",
  kafka: "Numbers of tables",
  registry: "Times of events",
  vault: "Nothing on this screen depends on it; starting connectors does",
} as const;

/** One banner per system that does not answer, by name: what is old because of it, and how old. */
export function ClusterOutages({ clusters }: { clusters: Clusters }) {
  return clusters.flatMap(({ name, upstreams }) =>
    upstreams
      .filter(({ state }) => state !== "up")
      .map(({ upstream, state, message, lastOkAt }) => (
        <StateMessage
          key={`${name}/${upstream}`}
          kind="stale"
          look="banner"
          title={
            <>
              {UPSTREAM_NAME[upstream]} of {name} {STATE_WORDS[state]}
              {upstream !== "vault" && lastOkAt && (
                <>
                  ; {WHAT_AGES[upstream].toLowerCase()} are <Age since={lastOkAt} /> old
                </>
              )}
            </>
          }
        >
          {upstream === "vault" ? `${message ?? ""}. ${WHAT_AGES.vault}.` : message}
        </StateMessage>
      )),
  );
}

const STATE_WORDS = {
  up: "answers",
  degraded: "answers only in part",
  down: "does not answer",
  sealed: "is sealed",
  unknown: "is not watched",
} as const;
