"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { DatabaseActions } from "./database-actions.tsx";
import { databaseAnswer } from "./database-answer.ts";
import type { DatabaseView } from "./database-outputs.ts";
import { databasePath } from "./database-path.ts";
import { OverviewTab } from "./overview-tab.tsx";
import { testWords } from "./state-words.ts";

const loading = () => <Skeleton className="mt-3 w-1/2" label="Loading" />;
const TablesTab = dynamic(() => import("./tables-tab.tsx").then((module) => module.TablesTab), { loading });
const ReadinessTab = dynamic(() => import("./readiness-tab.tsx").then((module) => module.ReadinessTab), {
  loading,
});

/** Can this database be reached, are its secrets there, and is it ready for a connector? */
export function DatabasePage({ id }: { id: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.databases.get.queryOptions({ id }));
  return (
    <QueryState query={query} what="the database">
      {(database) => <ReadyPage database={database} />}
    </QueryState>
  );
}

function ReadyPage({ database }: { database: DatabaseView }) {
  const tab = useSearchParams().get("tab") ?? "overview";
  const { id, name, role } = database;
  const { status, word } = testWords(database.lastTest);
  const tabs = [
    { label: "Overview", href: databasePath(id) },
    { label: "Tables", href: databasePath(id, "tables") },
    ...(role === "target" ? [] : [{ label: "Readiness", href: databasePath(id, "readiness") }]),
  ];
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Databases", href: "/databases" }]}
        title={name}
        mono
        status={
          <StatusBadge status={status} look="pill">
            {word}
          </StatusBadge>
        }
        answer={databaseAnswer(database)}
        actions={<DatabaseActions database={database} />}
        tabs={tabs}
        currentTab={tab === "overview" ? databasePath(id) : databasePath(id, tab)}
      />
      {tab === "tables" && <TablesTab id={id} />}
      {tab === "readiness" && role !== "target" && <ReadinessTab id={id} />}
      {tab === "overview" && <OverviewTab database={database} />}
    </>
  );
}
