// Who is measured. Paths are relative to this file.
export interface MeasuredServer {
  readonly name: string;
  readonly file: string;
}

export const SOCKET_SERVERS: readonly MeasuredServer[] = [
  { name: "this server", file: "./peers/this-server-sockets.ts" },
  { name: "Socket.IO", file: "./peers/socket-io.ts" },
  { name: "ws, string", file: "./peers/ws-string.ts" },
  { name: "ws, prebuilt frame", file: "./peers/ws-frame.ts" },
];

export const STREAM_SERVERS: readonly MeasuredServer[] = [
  { name: "this server", file: "./peers/this-server-streams.ts" },
  { name: "better-sse", file: "./peers/better-sse.ts" },
  { name: "srvx, ReadableStream", file: "./peers/srvx-stream.ts" },
  { name: "node:http", file: "./peers/node-response.ts" },
];
