import type { Server } from "node:http";

/** The port of a listening server. */
export function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || !address) throw new TypeError("the server does not listen on a port");
  return address.port;
}
