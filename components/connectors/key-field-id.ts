/** Where the error summary leads: the field of a key. */
export function keyFieldId(key: string): string {
  return `key-${key.replace(/[^A-Za-z0-9_-]/g, "_")}`;
}
