# The image of server and worker. The last stage holds Node, the product and its packages, and nothing else: no shell,
# no package manager, no user but an unprivileged one. It needs no writable place but /data and, for Node itself, /tmp.
#
#   docker build --tag ingeniux-cms-mcp-server .
#   docker run --read-only --tmpfs /tmp --volume mcp-data:/data --publish 127.0.0.1:3000:3000 ingeniux-cms-mcp-server
#
# Both base images can be replaced, by a mirror for example: --build-arg BUILD_IMAGE=… --build-arg RUNTIME_IMAGE=…
ARG BUILD_IMAGE=node:24-slim
# glibc, libstdc++, CA certificates and time zones; the tag without a shell.
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian12:nonroot

FROM ${BUILD_IMAGE} AS build
WORKDIR /app
# The packages change less often than the sources: they are a layer of their own.
COPY package.json package-lock.json .npmrc ./
COPY scripts ./scripts
COPY tools ./tools
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY sandbox ./sandbox
# Development packages, type declarations and source maps of packages are of no use to a running server. The compiler
# stays behind when packages are pruned, as the optional peer of one that stays.
# The metric build_info tells it: --build-arg BUILD_COMMIT=$(git rev-parse HEAD).
ARG BUILD_COMMIT=""
RUN npm run build \
  && npm prune --omit=dev --no-audit --no-fund \
  && node scripts/slim-image.mjs node_modules typescript @typescript \
  && mkdir --parents /stage/app /stage/data /stage/usr/local/bin \
  && cp --recursive dist node_modules package.json /stage/app/ \
  && cp "$(node --print process.execPath)" /stage/usr/local/bin/node

FROM ${RUNTIME_IMAGE}
LABEL org.opencontainers.image.title="ingeniux-cms-mcp-server" \
      org.opencontainers.image.description="MCP server for Ingeniux CMS" \
      org.opencontainers.image.licenses="MIT"
# The uid of the runtime image's unprivileged user; a number, so that Kubernetes can see that it is not root.
COPY --from=build --chown=65532:65532 /stage/data /data
COPY --from=build /stage/usr/local/bin/node /usr/local/bin/node
COPY --from=build /stage/app /app
COPY LICENSE /app/
WORKDIR /app
USER 65532:65532
# In a container the address is the container's: which one may be reached is what `--publish` says. All addresses need
# ALLOWED_HOSTS or PUBLIC_URL; the names of the machine itself are what works out of the box.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    ALLOWED_HOSTS=localhost,127.0.0.1 \
    DATA_DIR=/data \
    METRICS_HOST=0.0.0.0 \
    NODE_OPTIONS=--max-old-space-size=512
EXPOSE 3000 9464
VOLUME ["/data"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["/usr/local/bin/node", "/app/dist/main.js", "doctor", "--ready"]
ENTRYPOINT ["/usr/local/bin/node", "/app/dist/main.js"]
CMD ["serve"]
