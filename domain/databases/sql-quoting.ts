/** Always quoted: no list of reserved words is complete. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function quoteTable(name: string): string {
  const dot = name.indexOf(".");
  return `${quoteName(name.slice(0, dot))}.${quoteName(name.slice(dot + 1))}`;
}
