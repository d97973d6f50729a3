// Grows ../../../shared/refusal.ts: a refusal that says more than a code and a sentence.
import { Refusal, STATUS } from "../../../shared/refusal.ts";
import type { Answer, ErrorBody } from "../../board/commands.ts";

type Details = Omit<ErrorBody["error"], "code" | "message">;

export class DetailedRefusal extends Refusal {
  /** What is beside `code` and `message` in the error. */
  readonly details: Details;

  constructor(code: Refusal["code"], message: string, details: Details) {
    super(code, message);
    this.details = details;
  }
}

/** The answer to a command that was refused. */
export function answerOf(refusal: Refusal): Answer {
  const { code, message } = refusal;
  const details = refusal instanceof DetailedRefusal ? refusal.details : {};
  return { status: STATUS[code], body: { error: { code, message, ...details } } satisfies ErrorBody };
}
