"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { PersonButton } from "./person-button.tsx";

export interface PersonMenuProps {
  onShowShortcuts: () => void;
}

const loadMenu = () => import("./person-menu-opened.tsx").then((module) => module.PersonMenuOpened);
const PersonMenuOpened = dynamic(loadMenu, { ssr: false, loading: () => <PersonButton /> });

/** The button alone; the menu behind it comes with the first sign of interest. */
export function PersonMenu({ onShowShortcuts }: PersonMenuProps) {
  const [isOpened, setOpened] = useState(false);
  if (isOpened) return <PersonMenuOpened onShowShortcuts={onShowShortcuts} />;
  return (
    <PersonButton
      aria-expanded={false}
      onPointerEnter={() => void loadMenu()}
      onFocus={() => void loadMenu()}
      onClick={() => setOpened(true)}
    />
  );
}
