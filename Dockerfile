# syntax=docker/dockerfile:1

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# Install scripts are not needed: the image brings Node, and the native parts come as packages of their own.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts && rm -f node_modules/.bin/node
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts
# The browser's onnxruntime (141 MB) is never loaded in Node; of Node's own, one platform of five is needed. The compiler
# (31 MB) comes as a peer of the Qdrant client's types, and in node_modules Node runs no TypeScript (100 MB with the maps).
RUN rm -rf node_modules/onnxruntime-web node_modules/typescript node_modules/@typescript \
 && find node_modules dist -type f \( -name "*.ts" -o -name "*.mts" -o -name "*.cts" -o -name "*.map" \) -delete \
 && architecture="$(node -p process.arch)" \
 && find node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3 -type d \
      -not -path "*/linux/$architecture" -not -path "*/linux/$architecture/*" -prune -exec rm -rf {} + \
 && find node_modules/onnxruntime-node/bin -type d -empty -delete \
 && test -n "$(find node_modules/onnxruntime-node/bin -path "*/linux/$architecture/*.node")"

FROM node:24-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    CITEWELL_DATA=/data \
    CITEWELL_CACHE=/data/cache
WORKDIR /app
COPY --from=build /build/package.json /build/LICENSE /build/README.md ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/models ./models
COPY --from=build /build/dist ./dist
# All that is written lies in the data folder, so the rest may be read-only. It is a volume, which takes owner and rights
# of the folder it is first mounted on: platforms that choose a user id themselves put that user into the group 0.
RUN install -d -o node -g 0 -m 0775 /data \
 && ln -s /app/dist/src/cli/main.js /usr/local/bin/citewell && chmod +x /app/dist/src/cli/main.js
USER node
VOLUME /data
EXPOSE 8080
# slim has no curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
# HOST lets others in: the server refuses to start without CITEWELL_API_KEYS.
ENTRYPOINT ["citewell"]
CMD ["serve"]
