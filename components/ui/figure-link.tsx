import type { Route } from "next";
import type { ReactNode } from "react";
import { HoverLink } from "./hover-link.tsx";

export interface FigureLinkProps {
  label: string;
  value: ReactNode;
  href: Route;
}

/** A number of a tile that leads to the list behind it; goes into a list. */
export function FigureLink({ label, value, href }: FigureLinkProps) {
  return (
    <li className="bg-card">
      <HoverLink href={href} className="-outline-offset-2 flex flex-col gap-0.5 px-3 py-2 hover:bg-accent/50">
        <span className="text-meta text-muted-foreground">{label}</span>
        <span className="font-semibold text-figure">{value}</span>
      </HoverLink>
    </li>
  );
}
