import type { Metadata } from "next";
import { NewConnector } from "#components/connectors/new-connector.tsx";

export const metadata: Metadata = { title: "New connector" };

export default function NewConnectorPage() {
  return <NewConnector />;
}
