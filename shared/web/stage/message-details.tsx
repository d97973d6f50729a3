import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Detail, MessageRow } from "../../wire/message.ts";
import { stageApi } from "./stage-api.ts";
import { bytesText, notesOn, timeText } from "./timeline.ts";

/** All that is known of one message: its bytes, decoded part by part. */
export function MessageDetails({ message, onClose }: { message: MessageRow; onClose: () => void }) {
  const details = useSignal<readonly Detail[] | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);

  // Asked for anew when the message has grown.
  useEffect(() => {
    let isCurrent = true;
    stageApi.details(message.id).then(
      (found) => {
        if (!isCurrent) return;
        details.value = found;
        problem.value = undefined;
      },
      (error: Error) => {
        if (isCurrent) problem.value = error.message;
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [message.id, message.size, message.isComplete, details, problem]);

  return (
    <section class="message-details" aria-label="Details of the message">
      <header>
        <h3>{message.summary}</h3>
        <button type="button" aria-label="Close the details" onClick={onClose}>
          ×
        </button>
      </header>
      <p>
        {[timeText(message.at), message.way && `${bytesText(message.size)} on the wire`, notesOn(message)]
          .filter(Boolean)
          .join(", ")}
      </p>
      {problem.value && <p class="problem">{problem.value}</p>}
      {details.value?.map(({ label, text }) => (
        <section key={label}>
          <h4>{label}</h4>
          <pre>{readable(text)}</pre>
        </section>
      ))}
    </section>
  );
}

/** JSON with line breaks, for people; everything else as it came. */
function readable(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
