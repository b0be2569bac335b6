const adapters = "^server/(kafka-connect|kafka|schema-registry|vault|postgres)/";
const tests = "\\.test\\.tsx?$";

/** Who may import what: docs/architecture.md has the same table in words. `npm run imports -- --plant` proves that each rule bites. */
export default {
  forbidden: [
    {
      name: "domain-is-pure",
      from: { path: "^domain/", pathNot: tests },
      to: { pathNot: "^(domain/|node_modules/zod/)" },
    },
    {
      name: "browser-code-never-loads-the-server",
      from: { path: "^components/" },
      to: { path: "^(server|db)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "pages-use-the-api",
      from: { path: "^app/" },
      to: { path: "^(server|db)/", pathNot: "^server/api/" },
    },
    {
      name: "services-do-not-know-trpc",
      from: { path: "^server/", pathNot: "^server/(api|testing)/|router\\.ts$|\\.test\\.ts$" },
      to: { path: "^server/api/|node_modules/@trpc/" },
    },
    {
      name: "services-do-not-know-next",
      from: { path: "^server/", pathNot: "^server/api/" },
      to: { path: "node_modules/next(-auth)?/" },
    },
    {
      name: "only-the-entry-reads-env",
      from: {
        path: "^server/",
        pathNot:
          "^server/(env|deps)\\.ts$|^server/(api|testing|start|config|jobs)/|^server/[^/]+/testing/|^server/audit/verify-cli\\.ts$|\\.test\\.ts$",
      },
      to: { path: "^server/env\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "adapters-stand-alone",
      from: { path: adapters, pathNot: tests },
      to: {
        path: "^(db|server)/",
        pathNot: ["^server/$1/", "^server/log\\.ts$"],
        dependencyTypesNot: ["type-only"],
      },
    },
    { name: "one-way-to-the-database", from: { pathNot: "^(server|db|bench|lab)/" }, to: { path: "^db/" } },
    {
      name: "journeys-know-no-internals",
      from: { path: "^e2e/" },
      to: { path: "^(server|db|components|app)/" },
    },
    {
      name: "nothing-imports-observability",
      from: {
        path: "^server/",
        pathNot: "^server/(observability|jobs|api|pipelines|catalog|testing)/|\\.test\\.ts$",
      },
      to: { path: "^server/observability/" },
    },
    {
      name: "foundations-import-no-module",
      from: { path: "^server/(access|audit|plans)/", pathNot: tests },
      to: {
        path: "^server/(connectors|credentials|databases|pipelines|dead-letters|reconciliation|catalog|observability)/",
      },
    },
    { name: "no-cycles", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.next|\\.headgate|connect)/" },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".mjs", ".js"],
      conditionNames: ["import", "node", "default"],
    },
  },
};
