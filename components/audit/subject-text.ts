const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What an act was about, widest first: `lab / shop-source`. Ids stand only where nothing has a name. */
export function subjectText(subject: Record<string, string>): string {
  const { cluster, ...parts } = subject;
  const named = Object.values(parts).filter((part) => !ID.test(part));
  const told = named.length > 0 || cluster !== undefined ? named : Object.values(parts);
  return [...(cluster === undefined ? [] : [cluster]), ...told].join(" / ");
}
