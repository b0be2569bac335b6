"use client";

import { PageHeader } from "#components/shell/page-header.tsx";
import { Section } from "#components/ui/section.tsx";
import { ActDetail } from "./act-detail.tsx";

export function ActScreen({ actId }: { actId: string }) {
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Audit trail", href: "/audit" }]}
        title={actId}
        mono
        answer="One act from intent to outcome, as the audit trail has it."
      />
      <Section title="The act">
        <ActDetail actId={actId} />
      </Section>
    </>
  );
}
