/** Whether an address answers a GET with success within two seconds. */
export async function answers(url: string): Promise<boolean> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await reply.arrayBuffer();
  return reply.ok;
}
