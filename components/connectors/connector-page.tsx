"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { ConnectorActions } from "./connector-actions.tsx";
import { connectorAnswer } from "./connector-answer.ts";
import type { ConnectorView } from "./connector-outputs.ts";
import { connectorPath } from "./connector-path.ts";
import { HealthBadge } from "./health-badge.tsx";
import { OverviewTab } from "./overview-tab.tsx";
import { StaleClusters } from "./stale-clusters.tsx";

const loading = () => <Skeleton className="mt-3 w-1/2" label="Loading" />;
const ConfigurationTab = dynamic(
  () => import("./configuration-tab.tsx").then((module) => module.ConfigurationTab),
  { loading },
);
const TopicsTab = dynamic(() => import("./topics-tab.tsx").then((module) => module.TopicsTab), { loading });
const OffsetsTab = dynamic(() => import("./offsets-tab.tsx").then((module) => module.OffsetsTab), {
  loading,
});
const HistoryTab = dynamic(() => import("./history-tab.tsx").then((module) => module.HistoryTab), {
  loading,
});

const TABS = [
  ["overview", "Overview"],
  ["configuration", "Configuration"],
  ["topics", "Topics"],
  ["offsets", "Offsets"],
  ["history", "History"],
] as const;

export function ConnectorPage({ cluster, name }: { cluster: string; name: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.connectors.get.queryOptions({ cluster, name }));
  return (
    <QueryState query={query} what={`the connector ${name}`}>
      {(connector) => <ReadyPage connector={connector} />}
    </QueryState>
  );
}

function ReadyPage({ connector }: { connector: ConnectorView }) {
  const tab = useSearchParams().get("tab") ?? "overview";
  const { cluster, name, observed, health } = connector;
  const href = (id: string) => (id === "overview" ? connectorPath(connector) : connectorPath(connector, id));
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Connectors", href: "/connectors" }, { label: cluster }]}
        title={name}
        mono
        status={<HealthBadge health={health} look="pill" />}
        answer={connectorAnswer(connector)}
        actions={<ConnectorActions connector={connector} />}
        tabs={TABS.map(([id, label]) => ({
          label,
          href: href(id),
          ...(id === "overview" && connector.changedOutside.length > 0 ? { count: 1 } : {}),
        }))}
        currentTab={href(tab)}
      />
      <StaleClusters clusters={[{ cluster, ...observed }]} />
      <TabContent tab={tab} connector={connector} />
    </>
  );
}

function TabContent({ tab, connector }: { tab: string; connector: ConnectorView }) {
  switch (tab) {
    case "configuration":
      return <ConfigurationTab connector={connector} />;
    case "topics":
      return <TopicsTab cluster={connector.cluster} name={connector.name} />;
    case "offsets":
      return <OffsetsTab cluster={connector.cluster} name={connector.name} />;
    case "history":
      return <HistoryTab connector={connector} />;
    default:
      return <OverviewTab connector={connector} />;
  }
}
