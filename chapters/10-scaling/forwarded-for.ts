// Behind a proxy every connection comes from the proxy. It says in a header from whom it has the request, and so can anybody.
import ipaddr from "ipaddr.js";
import { SettingError } from "../../shared/settings.ts";
import { addressKey } from "../06-auth/rate-limit.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * @param proxies the addresses of our own proxies, with commas: `10.0.0.7, 10.1.0.0/16, loopback`
 * @returns where somebody is: the last in the list of `X-Forwarded-For` that is not one of ours. What stands before it, they
 * have written themselves.
 * @throws {SettingError} when one is no address
 */
export function addressBehind(proxies: string) {
  const ranges = proxies
    .split(",")
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .flatMap((text) => (text === "loopback" ? ["127.0.0.0/8", "::1/128"] : [text]))
    .map(parseRange);

  function isOurs(text: string | undefined): boolean {
    if (text === undefined || !ipaddr.isValid(text)) return false;
    const address: Address = ipaddr.process(text);
    return ranges.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits));
  }

  return (peer: string | undefined, forwardedFor: string | null): string => {
    if (!isOurs(peer)) return addressKey(peer);
    const hops = (forwardedFor ?? "").split(",").map((hop) => hop.trim());
    const client = hops.findLast((hop) => !isOurs(hop));
    // Nothing that is an address: then it was the proxy itself, as far as anybody can tell.
    return addressKey(client !== undefined && ipaddr.isValid(client) ? client : peer);
  };
}

function parseRange(text: string): [Address, number] {
  try {
    if (text.includes("/")) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  } catch {
    throw new SettingError(
      `TRUSTED_PROXIES contains "${text}", which is no address: list addresses, with commas.`,
    );
  }
}
