"use client";

import { useQuery } from "@tanstack/react-query";
import { BookOpen } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryFailure } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { useTick } from "#components/ui/clock.tsx";
import { CAUSES_PATH, deadLettersPath, readTab } from "./dead-letter-paths.ts";
import { GroupList } from "./group-list.tsx";
import { RateList } from "./rate-list.tsx";
import { RecordList } from "./record-list.tsx";
import { RuleList } from "./rule-list.tsx";
import { StoppedSinks } from "./stopped-sinks.tsx";
import { summaryAnswer } from "./summary-answer.ts";
import { SystemicBanner } from "./systemic-banner.tsx";
import { TopicList } from "./topic-list.tsx";
import { UnreadableTopics } from "./unreadable-topics.tsx";

/** What could not be delivered, and what of it waits for a person? */
export function DeadLettersScreen() {
  const trpc = useTRPC();
  const summary = useQuery(trpc.deadLetters.summary.queryOptions());
  const now = useTick((ms) => Math.floor(ms / 10_000)) * 10_000;
  const tab = readTab(useSearchParams().get("tab"));
  const waiting = summary.data ? summary.data.groups.open + summary.data.groups.regressed : 0;
  return (
    <>
      <PageHeader
        title="Dead letters"
        answer={summary.data && summaryAnswer(summary.data, now)}
        actions={
          <Button asChild variant="ghost">
            <Link href={CAUSES_PATH}>
              <BookOpen aria-hidden /> Catalogue of causes
            </Link>
          </Button>
        }
        tabs={[
          { label: "Groups", href: deadLettersPath({}), count: waiting },
          { label: "Records", href: deadLettersPath({ tab: "records" }) },
          { label: "Rules", href: deadLettersPath({ tab: "rules" }) },
          { label: "Rates", href: deadLettersPath({ tab: "rates" }) },
          { label: "Topics", href: deadLettersPath({ tab: "topics" }) },
        ]}
        currentTab={deadLettersPath({ tab })}
      />
      {summary.data === undefined && summary.error && (
        <QueryFailure query={summary} what="how many dead letters there are" />
      )}
      <StoppedSinks />
      {summary.data && <SystemicBanner floods={summary.data.systemic} />}
      {summary.data && <UnreadableTopics topics={summary.data.topics.unreadable} />}
      {tab === "groups" && <GroupList summary={summary.data} />}
      {tab === "records" && <RecordList />}
      {tab === "rules" && <RuleList />}
      {tab === "rates" && <RateList />}
      {tab === "topics" && <TopicList />}
    </>
  );
}
