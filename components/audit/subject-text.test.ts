import { expect, test } from "vitest";
import { subjectText } from "./subject-text.ts";

const PLAN = "44eb3be0-6cad-4a98-9d3f-0c9f5f5b1a11";

test.each([
  [{ plan: PLAN, cluster: "lab", connector: "shop-source" }, "lab / shop-source"],
  [{ plan: PLAN, topic: "shop.public.orders", cluster: "lab" }, "lab / shop.public.orders"],
  [{ plan: PLAN }, PLAN],
  [{ session: PLAN, person: "Emre Yilmaz" }, "Emre Yilmaz"],
  [{ plan: PLAN, cluster: "lab" }, "lab"],
  [{}, ""],
] as const)("%o reads %s", (subject, text) => {
  expect(subjectText(subject)).toBe(text);
});
