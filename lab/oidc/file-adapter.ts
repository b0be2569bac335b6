import { readFileSync } from "node:fs";
import type { Adapter, AdapterPayload } from "oidc-provider";
import { writePrivate } from "../lab-secrets.ts";

type Stored = { payload: AdapterPayload; expiresAt: number | undefined };

/** Sessions and tokens in one file, so that people stay signed in when the lab is restarted. */
export function fileAdapter(file: string): (model: string) => Adapter {
  const records = new Map<string, Stored>(readRecords(file));
  let isSaving = false;

  const save = () => {
    if (isSaving) return;
    isSaving = true;
    setImmediate(() => {
      isSaving = false;
      for (const [key, { expiresAt }] of records) if (isOver(expiresAt)) records.delete(key);
      writePrivate(file, JSON.stringify([...records]));
    });
  };
  const read = (key: string) => {
    const stored = records.get(key);
    return stored && !isOver(stored.expiresAt) ? stored.payload : undefined;
  };
  const findBy = (model: string, matches: (payload: AdapterPayload) => boolean) =>
    [...records]
      .filter(([key, { expiresAt }]) => key.startsWith(`${model}:`) && !isOver(expiresAt))
      .map(([, { payload }]) => payload)
      .find(matches);

  return (model) => ({
    async upsert(id, payload, expiresIn) {
      records.set(`${model}:${id}`, {
        payload,
        expiresAt: expiresIn ? Date.now() + expiresIn * 1_000 : undefined,
      });
      save();
    },
    find: async (id) => read(`${model}:${id}`),
    findByUid: async (uid) => findBy(model, (payload) => payload.uid === uid),
    findByUserCode: async (userCode) => findBy(model, (payload) => payload.userCode === userCode),
    async consume(id) {
      const payload = read(`${model}:${id}`);
      if (payload) payload.consumed = Math.floor(Date.now() / 1_000);
      save();
    },
    async destroy(id) {
      records.delete(`${model}:${id}`);
      save();
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of records) if (payload.grantId === grantId) records.delete(key);
      save();
    },
  });
}

const isOver = (expiresAt: number | undefined) => expiresAt !== undefined && expiresAt <= Date.now();

/** A file that cannot be read costs people a sign-in, nothing more. */
function readRecords(file: string): [string, Stored][] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as [string, Stored][];
  } catch {
    return [];
  }
}
