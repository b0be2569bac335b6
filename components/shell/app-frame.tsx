"use client";

import { Menu, PanelLeftClose, PanelLeftOpen, Search } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { BrandMark } from "./brand-mark.tsx";
import { ClusterScope } from "./cluster-scope.tsx";
import { GoShortcuts } from "./go-shortcuts.tsx";
import { LiveIndicator } from "./live-indicator.tsx";
import { PersonMenu } from "./person-menu.tsx";
import { usePreferences } from "./preferences-provider.tsx";
import { ShortcutListener, useShortcut } from "./shortcuts.tsx";
import { SideNav } from "./side-nav.tsx";

const loadPalette = () => import("./command-palette.tsx").then((module) => module.CommandPalette);
const CommandPalette = dynamic(loadPalette, { ssr: false });
const ShortcutSheet = dynamic(() => import("./shortcut-sheet.tsx").then((module) => module.ShortcutSheet), {
  ssr: false,
});
const NavDrawer = dynamic(() => import("./nav-drawer.tsx").then((module) => module.NavDrawer), {
  ssr: false,
});

type Overlay = "palette" | "shortcuts" | "drawer";

export interface AppFrameProps {
  /** Names of the configured clusters. */
  clusters: readonly string[];
  children: ReactNode;
}

/** Navigation at the left, scope and search at the top, the page in the middle. */
export function AppFrame({ clusters, children }: AppFrameProps) {
  const { nav, set } = usePreferences();
  const narrow = nav === "narrow";
  const [overlay, setOverlay] = useState<Overlay>();
  // Once opened, an overlay stays mounted so that closing it can give the focus back.
  const [opened, setOpened] = useState<ReadonlySet<Overlay>>(new Set());
  const open = (which: Overlay) => {
    setOpened((before) => new Set([...before, which]));
    setOverlay(which);
  };
  const overlayProps = (which: Overlay) => ({
    open: overlay === which,
    onOpenChange: (isOpen: boolean) => setOverlay(isOpen ? which : undefined),
  });
  useShortcut("mod+k", {
    description: "Search and commands",
    group: "Everywhere",
    run: () => open("palette"),
  });
  useShortcut("?", { description: "Keyboard shortcuts", group: "Everywhere", run: () => open("shortcuts") });

  // Fetched while the second key of the chord is still on its way, so that what is typed next is not lost.
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Control" || event.key === "Meta") void loadPalette();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);

  return (
    <div className="flex min-h-dvh">
      <a
        href="#main"
        className="fixed top-2 left-2 z-60 -translate-y-16 rounded-md border bg-popover px-3 py-1.5 text-table focus:translate-y-0"
      >
        Skip to the content
      </a>
      <aside
        className={cn(
          "sticky top-0 flex h-dvh shrink-0 flex-col border-r bg-sidebar max-md:hidden print:hidden",
          narrow ? "w-13" : "w-52",
        )}
      >
        <Link
          href="/"
          className={cn("flex h-11 items-center gap-2 px-3.5 font-semibold", narrow && "justify-center px-0")}
          aria-label="Headgate, overview"
        >
          <BrandMark className="size-5 shrink-0" />
          {!narrow && <span>Headgate</span>}
        </Link>
        <SideNav narrow={narrow} />
        <div className={cn("flex p-2", narrow ? "justify-center" : "justify-end")}>
          <Button
            variant="ghost"
            size="icon"
            aria-label={narrow ? "Widen the navigation" : "Narrow the navigation to icons"}
            onClick={() => set("nav", narrow ? "wide" : "narrow")}
          >
            {narrow ? <PanelLeftOpen aria-hidden /> : <PanelLeftClose aria-hidden />}
          </Button>
        </div>
      </aside>
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="sticky top-0 z-30 flex h-11 shrink-0 items-center gap-2 border-b bg-background px-3 md:px-5 print:hidden">
          <Button
            variant="ghost"
            size="icon"
            className="-ml-1 md:hidden"
            aria-label="Open the navigation"
            onClick={() => open("drawer")}
          >
            <Menu aria-hidden className="size-4.5!" />
          </Button>
          <Button
            variant="secondary"
            className="justify-start font-normal text-muted-foreground max-sm:border-transparent max-sm:bg-transparent sm:w-64"
            aria-keyshortcuts="Control+K Meta+K"
            onPointerEnter={() => void loadPalette()}
            onFocus={() => void loadPalette()}
            onClick={() => open("palette")}
          >
            <Search aria-hidden />
            <span className="flex-1 text-left max-sm:sr-only">Search and commands</span>
            <Kbd aria-hidden className="max-sm:hidden">
              Ctrl K
            </Kbd>
          </Button>
          <div className="flex-1" />
          <ClusterScope clusters={clusters} />
          <LiveIndicator />
          <PersonMenu onShowShortcuts={() => open("shortcuts")} />
        </header>
        <main
          id="main"
          tabIndex={-1}
          className="flex min-w-0 flex-1 flex-col gap-4 px-3 py-4 outline-none md:px-5"
        >
          {children}
        </main>
      </div>
      <GoShortcuts />
      <ShortcutListener />
      {opened.has("palette") && <CommandPalette {...overlayProps("palette")} />}
      {opened.has("shortcuts") && <ShortcutSheet {...overlayProps("shortcuts")} />}
      {opened.has("drawer") && <NavDrawer {...overlayProps("drawer")} />}
    </div>
  );
}
