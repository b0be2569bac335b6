import type { FilterGrammar } from "../filters/grammar.ts";
import { ACTIVITY_STATES } from "./activity.ts";

export const PLAN_FILTER: FilterGrammar = {
  fields: [
    { key: "state", label: "where it stands", kind: "choice", values: ACTIVITY_STATES },
    { key: "kind", label: "kind of plan", kind: "text" },
    { key: "cluster", label: "cluster it is about", kind: "text" },
    { key: "about", label: "what it is about: a cluster, a connector…", kind: "text" },
    { key: "by", label: "who proposed it", kind: "text" },
    { key: "level", label: "danger level, 1 to 3", kind: "number" },
    { key: "age", label: "since it was proposed", kind: "age" },
  ],
  freeText: "title, subject, author",
};

export const RUN_ITEM_FILTER: FilterGrammar = {
  fields: [
    { key: "state", label: "how it went", kind: "choice", values: ["succeeded", "failed", "skipped"] },
    { key: "key", label: "the item, exactly", kind: "text" },
    { key: "position", label: "place in the selection", kind: "number" },
  ],
};
