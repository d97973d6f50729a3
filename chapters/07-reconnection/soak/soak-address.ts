// Where the sockets of a soak connect to: as in a browser, with a ticket, but with headers of their own.

export function soakAddress(baseUrl: string, headers: Readonly<Record<string, string>>) {
  return async (signal: AbortSignal): Promise<string> => {
    const response = await fetch(`${baseUrl}/tickets`, { method: "POST", headers, signal });
    const { ticket } = await response.json();
    return `${baseUrl.replace("http", "ws")}/ws?ticket=${ticket}`;
  };
}
