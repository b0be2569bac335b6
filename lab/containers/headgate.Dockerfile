# Headgate's images: `web` and `worker` to run it, `lab` for the set-up and the identity provider of docker-compose.yml.
FROM node:24.21.0-bookworm-slim AS base
ENV NEXT_TELEMETRY_DISABLED=1
WORKDIR /headgate

FROM base AS packages
COPY package.json package-lock.json .npmrc ./
RUN npm ci

FROM packages AS build
COPY . .
RUN npx next build && cp -r .next/static .next/standalone/.next/static

FROM base AS production-packages
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM packages AS lab
COPY domain domain
COPY db db
COPY server server
COPY lab lab
USER node

FROM base AS worker
ENV NODE_ENV=production MALLOC_ARENA_MAX=2
COPY --from=production-packages /headgate/node_modules node_modules
COPY package.json ./
COPY domain domain
COPY db db
COPY server server
USER node
CMD ["node", "--max-semi-space-size=2", "server/jobs/worker.ts"]

FROM base AS web
ENV NODE_ENV=production HOSTNAME=0.0.0.0 PORT=3000
COPY --from=build /headgate/.next/standalone ./
USER node
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=12 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`).then(({ ok }) => process.exit(ok ? 0 : 1))"]
CMD ["node", "server.js"]
