// What is measured: in which unit it is shown, and what this server promises.
export interface Metric {
  readonly key: string;
  readonly title: string;
  readonly unit: string;
  /** From the value as it was measured to the number that is shown. */
  readonly show: (value: number) => string;
  readonly isBetter: "less" | "more";
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

const FAN_OUT: readonly Metric[] = [
  {
    key: "cpuPerMillion",
    title: "One at a time",
    unit: "CPU s / million",
    show: digits(2),
    isBetter: "less",
  },
  { key: "burstRate", title: "Bursts", unit: "deliveries / s", show: whole, isBetter: "more" },
  { key: "burstCpuPerMillion", title: "Bursts", unit: "CPU s / million", show: digits(2), isBetter: "less" },
  { key: "idleBytes", title: "Idle connection", unit: "kB of heap", show: kilobytes, isBetter: "less" },
  {
    key: "idleResidentBytes",
    title: "Idle connection",
    unit: "kB resident",
    show: kilobytes,
    isBetter: "less",
  },
  {
    key: "loadCpuPerMillion",
    title: "The clients",
    unit: "CPU s / million",
    show: digits(2),
    isBetter: "less",
  },
];

const CHANGES: readonly Metric[] = [
  { key: "changesPerSecond", title: "Changes", unit: "per s", show: whole, isBetter: "more" },
  {
    key: "changesServerCores",
    title: "Changes, the server",
    unit: "cores busy",
    show: digits(2),
    isBetter: "less",
  },
  {
    key: "changesClientsCores",
    title: "Changes, the clients",
    unit: "cores busy",
    show: digits(2),
    isBetter: "less",
  },
  { key: "quietDelayP50", title: "Delay, quiet, p50", unit: "ms", show: digits(1), isBetter: "less" },
  { key: "quietDelayP99", title: "Delay, quiet, p99", unit: "ms", show: digits(1), isBetter: "less" },
  { key: "busyDelayP50", title: "Delay, busy, p50", unit: "ms", show: digits(1), isBetter: "less" },
  { key: "busyDelayP99", title: "Delay, busy, p99", unit: "ms", show: digits(1), isBetter: "less" },
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
