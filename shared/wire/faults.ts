import { z } from "zod";

/** From the browser to the server, or back. */
export type Way = "up" | "down";

/** A fault that holds until it is lifted, also for connections that are opened meanwhile. */
export type LastingFault = z.infer<typeof lastingFault>;

/** A fault that happens once, to the connections that are open then. */
export type MomentaryFault = z.infer<typeof momentaryFault>;

export type Fault = LastingFault | MomentaryFault;

/** Who is meant: everyone, a person by name (`bob`), or one connection by its number. */
export type Target = z.infer<typeof targetSchema>;

export interface FaultRule {
  readonly target: Target;
  /** Undefined: both. */
  readonly way?: Way | undefined;
  readonly fault: Fault;
}

/** A rule that holds now. Its number tells it from another one that says the same. */
export interface ActiveRule extends FaultRule {
  readonly id: number;
}

const ms = z.number().min(0).max(600_000);
const bytes = z.number().int().min(0);

const lastingFault = z.discriminatedUnion("kind", [
  /** Every byte comes `ms` milliseconds later, and up to `jitterMs` more; in order, as TCP delivers them. */
  z.strictObject({ kind: z.literal("latency"), ms, jitterMs: ms.optional() }),
  /** No more than so many bytes a second; some more of them wait on the way. */
  z.strictObject({ kind: z.literal("bandwidth"), bytesPerSecond: bytes.min(1) }),
  /** The receiver takes so many bytes a second; nothing waits on the way, so the sender's buffers fill. */
  z.strictObject({ kind: z.literal("slow-reader"), bytesPerSecond: bytes.min(1) }),
  /** Nothing comes through, and nobody is told: the cable is pulled. */
  z.strictObject({ kind: z.literal("freeze") }),
  /** Writes of at most so many bytes each: whoever thinks that one write is one message sees that it is not. */
  z.strictObject({ kind: z.literal("slice"), bytes: bytes.min(1) }),
  /** Every connection ends after so many more bytes, by a reset or in good order. */
  z.strictObject({ kind: z.literal("close-after"), bytes, reset: z.boolean().optional() }),
  /** New connections are reset. (A person's name is in the first request: it has to come, and goes nowhere.) */
  z.strictObject({ kind: z.literal("refuse") }),
]);

const momentaryFault = z.discriminatedUnion("kind", [
  /** Both sides get a RST: the connection is gone, and what was on the way is lost. */
  z.strictObject({ kind: z.literal("cut") }),
  /** Both sides get a FIN: the connection ends in good order. */
  z.strictObject({ kind: z.literal("close") }),
  /** The next whole message is swallowed: a request, an answer, an event of a stream, a frame. */
  z.strictObject({ kind: z.literal("drop") }),
  /** The server is stopped and started again. */
  z.strictObject({ kind: z.literal("restart") }),
]);

const targetSchema = z.union([
  z.literal("everyone"),
  z.string().min(1).max(100),
  z.number().int().positive(),
]);

export const faultRuleSchema = z.strictObject({
  target: targetSchema,
  way: z.enum(["up", "down"]).optional(),
  fault: z.union([lastingFault, momentaryFault]),
});

const stepSchema = faultRuleSchema
  .extend({
    /** When, in milliseconds after the script has been started. */
    at: ms,
    /** For how long, in milliseconds. Without it a lasting fault ends with the script. */
    for: ms.optional(),
  })
  .refine((step) => step.for === undefined || isLasting(step.fault), {
    message: 'only a lasting fault can have "for": the others happen once',
    path: ["for"],
  });

/** A fault script is plain data: the same from a button, from a lesson and from a test. */
export const faultScriptSchema = z.strictObject({
  /** Makes the random parts (jitter) the same in every run. */
  seed: z.number().int().min(0).default(1),
  steps: z.array(stepSchema).min(1).max(100),
});

export type FaultScript = z.input<typeof faultScriptSchema>;

export function isLasting(fault: Fault): fault is LastingFault {
  return lastingFault.options.some(({ shape }) => shape.kind.value === fault.kind);
}
