import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { readPreferences } from "#components/shell/preferences.ts";
import { PreferencesProvider } from "#components/shell/preferences-provider.tsx";
import { Providers } from "#components/shell/providers.tsx";

export const metadata: Metadata = {
  title: { default: "Headgate", template: "%s · Headgate" },
  description: "The control room for CDC pipelines",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f8fafb" },
    { media: "(prefers-color-scheme: dark)", color: "#0c1116" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const jar = await cookies();
  const preferences = readPreferences((name) => jar.get(name)?.value);
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    // The theme is set by a script before the first paint, which React must not take back.
    <html lang="en" data-density={preferences.density} suppressHydrationWarning>
      <body>
        <Providers nonce={nonce} renderedAt={Date.now()}>
          <PreferencesProvider initial={preferences}>{children}</PreferencesProvider>
        </Providers>
      </body>
    </html>
  );
}
