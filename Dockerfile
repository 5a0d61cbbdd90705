# The one image of workers and API processes: packages, code, the pages built and the workflows bundled ahead.
ARG NODE_VERSION=20.19.5
FROM node:${NODE_VERSION}-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:${NODE_VERSION}-bookworm-slim AS pages
WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
RUN npm ci --no-audit --no-fund
COPY bin bin
COPY web web
RUN npm run build:web

FROM node:${NODE_VERSION}-bookworm-slim
ENV NODE_ENV=production TZ=UTC JIUGAI_DATA_DIR=/app/.data
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json package-lock.json tsconfig.json ./
COPY policy policy
COPY domain domain
COPY keys keys
COPY watching watching
COPY workflows workflows
COPY activities activities
COPY store store
COPY worker worker
COPY api api
COPY bin bin
COPY --from=pages /app/web/dist web/dist
COPY docker/app.sh docker/ready.js docker/
# A worker then starts at once and never writes into its image.
RUN node --import tsx bin/bundle.ts && chmod 755 docker/app.sh && chmod -R a+rX .data
USER node
ENTRYPOINT ["/app/docker/app.sh"]
CMD ["worker/main.ts"]
