"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { StateMessage } from "#components/ui/state-message.tsx";
import { BrandMark } from "./brand-mark.tsx";

const ASK_AGAIN_MS = 5_000;

export interface OutagePageProps {
  message: string;
}

/** In place of the whole console while not even the session can be read; comes back by itself. */
export function OutagePage({ message }: OutagePageProps) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center">
      <BrandMark className="size-8" />
      <StateMessage kind="failed" title={message} onRetry={() => router.refresh()} className="py-6">
        <p>Pipelines keep running without Headgate. This page asks again every 5 s.</p>
      </StateMessage>
    </main>
  );
}
