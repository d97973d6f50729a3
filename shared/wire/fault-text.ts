import type { Fault, FaultRule } from "./faults.ts";

/** A rule in words: `freeze: bob`, `latency 200 ms: everyone, to the server`. */
export function describeRule({ target, way, fault }: FaultRule): string {
  const who = typeof target === "number" ? `connection ${target}` : target;
  const direction = way === undefined ? "" : way === "up" ? ", to the server" : ", from the server";
  return `${describeFault(fault)} ${who}${direction}`.replace(/^restart .*/, "restart the server");
}

function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case "latency":
      return `latency ${fault.ms} ms${fault.jitterMs ? ` and up to ${fault.jitterMs} ms more` : ""}:`;
    case "bandwidth":
      return `bandwidth ${fault.bytesPerSecond} bytes/s:`;
    case "slow-reader":
      return `slow reader, ${fault.bytesPerSecond} bytes/s:`;
    case "slice":
      return `slices of ${fault.bytes} bytes:`;
    case "close-after":
      return `${fault.reset ? "reset" : "close"} after ${fault.bytes} bytes:`;
    default:
      return `${fault.kind}:`;
  }
}
