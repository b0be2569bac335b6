import type { Metadata } from "next";
import { CausesScreen } from "#components/dead-letters/causes-screen.tsx";

export const metadata: Metadata = { title: "Catalogue of causes" };

export default function CausesPage() {
  return <CausesScreen />;
}
