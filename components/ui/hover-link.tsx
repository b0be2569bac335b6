"use client";

import type { Route } from "next";
import Link from "next/link";
import { type ComponentProps, useState } from "react";

export interface HoverLinkProps extends Omit<ComponentProps<typeof Link>, "href" | "prefetch"> {
  href: Route;
}

/** For links that come in numbers (rows, navigation): the page behind is fetched when pointed at, not for being in view. */
export function HoverLink({ href, ...props }: HoverLinkProps) {
  const [isWanted, setWanted] = useState(false);
  return (
    <Link
      href={href}
      prefetch={isWanted ? null : false}
      onPointerEnter={() => setWanted(true)}
      onFocus={() => setWanted(true)}
      {...props}
    />
  );
}
