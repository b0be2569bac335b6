import type { Admin } from "kafkajs";
import { meansNoTopic } from "./failures.ts";

/**
 * False if the topic is not there, also where the broker's list still names it: for a moment after a deletion it does, and
 * kafkajs asks again when an answer was lost.
 */
export async function deleteTopic(admin: Admin, topic: string, timeoutMs = 30_000): Promise<boolean> {
  if (!(await admin.listTopics()).includes(topic)) return false;
  try {
    await admin.deleteTopics({ topics: [topic], timeout: timeoutMs });
    return true;
  } catch (error) {
    if (meansNoTopic(error)) return false;
    throw error;
  }
}
