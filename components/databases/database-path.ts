import type { Route } from "next";

export function databasePath(id: string, tab?: string): Route {
  return (tab ? `/databases/${id}?tab=${tab}` : `/databases/${id}`) as Route;
}

export function editDatabasePath(id: string): Route {
  return `/databases/${id}/edit` as Route;
}

export const NEW_DATABASE = "/databases/new" as Route;
