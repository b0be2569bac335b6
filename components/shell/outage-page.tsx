"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { StateMessage } from "#components/ui/state-message.tsx";
import { BrandMark } from "./brand-mark.tsx";
import { upperFirst } from "./describe-error.ts";

const ASK_AGAIN_MS = 5_000;

export interface OutagePageProps {
  upstream: string | undefined;
  message: string;
}

/** In place of the whole console while not even the session can be read; comes back by itself. */
export function OutagePage({ upstream, message }: OutagePageProps) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center">
      <BrandMark className="size-8" />
      <StateMessage
        kind="failed"
        title={upstream ? `${upperFirst(upstream)} does not answer` : "Headgate cannot read its own state"}
        onRetry={() => router.refresh()}
        className="py-6"
      >
        <p>{message}</p>
        <p>Pipelines keep running without Headgate. This page asks again every 5 s.</p>
      </StateMessage>
    </main>
  );
}
