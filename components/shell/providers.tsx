"use client";

import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { ThemeProvider } from "next-themes";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { ClockProvider } from "#components/ui/clock.tsx";
import { LazyToaster } from "#components/ui/lazy-toaster.tsx";
import { createBrowserClient, createServerSideClient } from "./api-links.ts";
import { createQueryClient } from "./query-client.ts";
import { TRPCProvider } from "./trpc.ts";

export interface ProvidersProps {
  /** Of the content security policy; Radix and the theme script need it for the elements they insert. */
  nonce: string | undefined;
  /** When the server made this page, so that ages read the same on both sides. */
  renderedAt: number;
  children: ReactNode;
}

let browserQueryClient: QueryClient | undefined;

function queryClient(): QueryClient {
  if (typeof window === "undefined") return createQueryClient();
  browserQueryClient ??= createQueryClient();
  return browserQueryClient;
}

export function Providers({ nonce, renderedAt, children }: ProvidersProps) {
  const queries = queryClient();
  const [client] = useState(() => {
    if (typeof window === "undefined") return createServerSideClient();
    if (nonce) setNonce(nonce);
    return createBrowserClient();
  });
  return (
    <ThemeProvider
      attribute="data-theme"
      themes={["light", "dark", "contrast"]}
      defaultTheme="system"
      enableSystem
      enableColorScheme={false}
      disableTransitionOnChange
      {...(nonce ? { nonce } : {})}
    >
      <NuqsAdapter>
        <QueryClientProvider client={queries}>
          <TRPCProvider trpcClient={client} queryClient={queries}>
            <ClockProvider renderedAt={renderedAt}>
              {children}
              <LazyToaster />
            </ClockProvider>
          </TRPCProvider>
        </QueryClientProvider>
      </NuqsAdapter>
    </ThemeProvider>
  );
}
