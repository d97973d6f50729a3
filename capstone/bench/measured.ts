// What is measured: in which unit it is shown, and what this server promises.
export interface Metric {
  readonly key: string;
  readonly title: string;
  readonly unit: string;
  /** From the value as it was measured to the number that is shown. */
  readonly show: (value: number) => string;
  /** Undefined: it explains other numbers, and is not compared. */
  readonly isBetter?: "less" | "more";
}

export interface Target {
  readonly metric: string;
  /** Compared to what. Undefined: the value itself, not a ratio. */
  readonly peer?: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

const digits = (count: number) => (value: number) => value.toFixed(count);

/** 10,000 is easier to read than 10000. */
const whole = (value: number) => Math.round(value).toLocaleString("en-US");

const kilobytes = (value: number) => (value / 1_000).toFixed(1);

type Show = Metric["show"];

function beside(key: string, title: string, unit: string, show: Show): Metric {
  return { key, title, unit, show };
}

function less(...all: Parameters<typeof beside>): Metric {
  return { ...beside(...all), isBetter: "less" };
}

function more(...all: Parameters<typeof beside>): Metric {
  return { ...beside(...all), isBetter: "more" };
}

const PER_MILLION = "CPU s / million";

const FAN_OUT: readonly Metric[] = [
  less("cpuPerMillion", "One at a time", PER_MILLION, digits(2)),
  more("burstRate", "Bursts", "deliveries / s", whole),
  less("burstCpuPerMillion", "Bursts", PER_MILLION, digits(2)),
  less("idleBytes", "Idle connection", "kB of heap", kilobytes),
  beside("idleResidentBytes", "Idle connection", "kB resident", kilobytes),
  beside("loadCpuPerMillion", "One at a time, the clients", PER_MILLION, digits(2)),
  beside("burstLoadCpuPerMillion", "Bursts, the clients", PER_MILLION, digits(2)),
];

const CHANGES: readonly Metric[] = [
  more("changesPerSecond", "Changes", "per s", whole),
  less("cpuPerChange", "Changes", "CPU ms each", (seconds) => (seconds * 1_000).toFixed(2)),
  beside("changesServerCores", "Changes, the server", "cores busy", digits(2)),
  beside("changesClientsCores", "Changes, the clients", "cores busy", digits(2)),
  less("quietDelayP50", "Delay, quiet, p50", "ms", digits(1)),
  less("quietDelayP99", "Delay, quiet, p99", "ms", digits(1)),
  less("busyDelayP50", "Delay, busy, p50", "ms", digits(1)),
  less("busyDelayP99", "Delay, busy, p99", "ms", digits(1)),
];

const METRICS = [...FAN_OUT, ...CHANGES];

export interface Section {
  readonly title: string;
  readonly metrics: readonly Metric[];
  readonly targets: readonly Target[];
}

export const SOCKETS: Section = {
  title: "Sockets",
  metrics: METRICS,
  targets: [
    { metric: "cpuPerMillion", peer: "Socket.IO", atMost: 0.7 },
    { metric: "cpuPerMillion", peer: "ws, prebuilt frame", atMost: 1.1 },
    { metric: "burstRate", peer: "Socket.IO", atLeast: 15 },
    { metric: "changesPerSecond", peer: "Socket.IO", atLeast: 15 },
    { metric: "idleBytes", atMost: 13_000 },
  ],
};

export const STREAMS: Section = {
  title: "Streams",
  metrics: METRICS,
  targets: [
    { metric: "cpuPerMillion", peer: "better-sse", atMost: 0.6 },
    { metric: "burstRate", peer: "better-sse", atLeast: 10 },
    { metric: "idleBytes", atMost: 24_000 },
  ],
};
