/** A place in a database's log, from an event's `source` block or a connector's stored offset, as that database writes it. */
export function formatPosition(
  connector: string,
  fields: Readonly<Record<string, unknown>>,
): string | undefined {
  const text = (key: string) => {
    const value = fields[key];
    return value === null || value === undefined || value === "" ? undefined : String(value);
  };
  const lsn = text("lsn");
  if (connector === "postgresql" || (connector === "" && lsn && /^\d+$/.test(lsn))) return postgresLsn(lsn);
  const file = text("file");
  if (file) {
    const gtid = text("gtid") ?? text("gtids");
    const at = `${file}:${text("pos") ?? "?"}`;
    return gtid ? `${at} (${gtid})` : at;
  }
  const commit = text("commit_lsn");
  if (commit) return commit;
  const scn = text("commit_scn") ?? text("scn");
  if (scn) return `SCN ${scn}`;
  const ord = text("ord");
  if (ord) return `ord ${ord}`;
  return undefined;
}

/** PostgreSQL writes a position as two halves in hexadecimal; connectors store it as one number. */
export function postgresLsn(lsn: string | undefined): string | undefined {
  if (lsn === undefined || !/^\d+$/.test(lsn)) return undefined;
  const position = BigInt(lsn);
  return `${(position >> 32n).toString(16).toUpperCase()}/${(position & 0xffffffffn).toString(16).toUpperCase()}`;
}
