import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import type { MessageRow, WireConnection } from "../../wire/message.ts";
import { duration, type LagMeter } from "../lag.ts";
import { MessageDetails } from "./message-details.tsx";
import { stageApi } from "./stage-api.ts";
import type { StageState } from "./stage-state.ts";
import { bytesText, capitalized, notesOn, type TimelineLine, timeline, timeText } from "./timeline.ts";
import { VirtualList } from "./virtual-list.tsx";

/** Of a line, in pixels: `stage.css` has the same number. */
const LINE_HEIGHT = 24;

export interface WirePanelProps {
  readonly state: StageState;
  readonly meter: LagMeter;
  readonly people: readonly string[];
  readonly onProblem: (text: string) => void;
}

/** One timeline of all that passes between the browsers and the server. */
export function WirePanel({ state, meter, people, onProblem }: WirePanelProps) {
  const person = useSignal<string | undefined>(undefined);
  const connection = useSignal<number | undefined>(undefined);
  const withPageFiles = useSignal(false);
  const isGrouped = useSignal(false);
  const expanded = useSignal<ReadonlySet<number>>(new Set());
  /** What is shown while the reader has stopped the picture. */
  const paused = useSignal<readonly MessageRow[] | undefined>(undefined);
  const activeId = useSignal<string | undefined>(undefined);
  const opened = useSignal<number | undefined>(undefined);
  const panel = useRef<HTMLElement>(null);

  const messages = paused.value ?? state.messages.value;
  const connections = state.connections.value;
  const lines = useMemo(
    () =>
      timeline(messages, connections, {
        person: person.value,
        connection: connection.value,
        withPageFiles: withPageFiles.value,
        isGrouped: isGrouped.value,
        expanded: expanded.value,
      }),
    [
      messages,
      connections,
      person.value,
      connection.value,
      withPageFiles.value,
      isGrouped.value,
      expanded.value,
    ],
  );
  const active = lines.findIndex((line) => idOf(line) === activeId.value);
  const openedMessage = messages.find(({ id }) => id === opened.value);

  function expand(index: number, isExpanded: boolean): void {
    const line = lines[index];
    if (line?.type !== "connection") return;
    const next = new Set(expanded.value);
    if (isExpanded) next.add(line.connection.id);
    else next.delete(line.connection.id);
    expanded.value = next;
  }

  function open(index: number): void {
    const line = lines[index];
    if (!line) return;
    activeId.value = idOf(line);
    if (line.type === "connection") expand(index, !line.isExpanded);
    else opened.value = opened.value === line.message.id ? undefined : line.message.id;
  }

  function closeDetails(): void {
    opened.value = undefined;
    panel.current?.querySelector<HTMLElement>("[role=tree]")?.focus();
  }

  async function clear(): Promise<void> {
    await stageApi.clear().catch((error: Error) => onProblem(error.message));
    paused.value = undefined;
    opened.value = undefined;
  }

  return (
    <section
      ref={panel}
      class={openedMessage ? "wire-panel with-details" : "wire-panel"}
      aria-label="Wire"
      onKeyDown={({ key }) => key === "Escape" && openedMessage && closeDetails()}
    >
      <header>
        <h2>Wire</h2>
        <p class="click-to-screen">{clickToScreen(meter, people)}</p>
        <select
          aria-label="Whose messages to show"
          value={person.value ?? ""}
          onChange={({ currentTarget: { value } }) => {
            person.value = value || undefined;
          }}
        >
          <option value="">everybody</option>
          {[...people, "other"].map((each) => (
            <option key={each} value={each}>
              {capitalized(each)}
            </option>
          ))}
        </select>
        <select
          aria-label="Which connection to show"
          value={connection.value === undefined ? "" : String(connection.value)}
          onChange={({ currentTarget: { value } }) => {
            connection.value = value ? Number(value) : undefined;
          }}
        >
          <option value="">all connections</option>
          {connectionsToChoose(connections, connection.value).map(({ id, person: owner, closedAt }) => (
            <option key={id} value={String(id)}>
              {id} ({capitalized(owner)}
              {closedAt === undefined ? "" : ", closed"})
            </option>
          ))}
        </select>
        <Toggle label="By connection" value={isGrouped} />
        <Toggle label="Page files" value={withPageFiles} />
        <button
          type="button"
          aria-pressed={paused.value !== undefined}
          onClick={() => {
            paused.value = paused.value ? undefined : state.messages.value;
          }}
        >
          Pause
        </button>
        <button type="button" onClick={clear}>
          Clear
        </button>
      </header>
      <VirtualList
        label="Messages, oldest first"
        count={lines.length}
        lineHeight={LINE_HEIGHT}
        active={active}
        idOf={(index) => (lines[index] ? idOf(lines[index]) : "")}
        renderLine={(index) => {
          const line = lines[index];
          return (
            line && (
              <Line
                key={idOf(line)}
                line={line}
                isActive={index === active}
                isOpen={line.type === "message" && line.message.id === opened.value}
              />
            )
          );
        }}
        onMove={(index) => {
          const line = lines[index];
          if (line) activeId.value = idOf(line);
        }}
        onOpen={open}
        onExpand={expand}
      />
      {openedMessage && <MessageDetails message={openedMessage} onClose={closeDetails} />}
    </section>
  );
}

function Toggle({ label, value }: { label: string; value: { value: boolean } }) {
  return (
    <button
      type="button"
      aria-pressed={value.value}
      onClick={() => {
        value.value = !value.value;
      }}
    >
      {label}
    </button>
  );
}

function Line({ line, isActive, isOpen }: { line: TimelineLine; isActive: boolean; isOpen: boolean }) {
  if (line.type === "connection") {
    const { connection, messageCount, isExpanded } = line;
    return (
      <div
        id={idOf(line)}
        class="line connection-line"
        role="treeitem"
        aria-selected={isActive}
        aria-level={1}
        aria-expanded={isExpanded}
        tabIndex={-1}
      >
        <span aria-hidden="true">{isExpanded ? "▾" : "▸"}</span>
        <span class="time">{timeText(connection.openedAt)}</span>
        <span class={`person ${connection.person}`}>{capitalized(connection.person)}</span>
        <span class="summary">
          connection {connection.id}, {messageCount} {messageCount === 1 ? "message" : "messages"},{" "}
          {bytesText(connection.bytesUp)} up, {bytesText(connection.bytesDown)} down,{" "}
          {connection.closedAt === undefined ? "open" : `closed: ${connection.end ?? ""}`}
        </span>
      </div>
    );
  }
  const { message, person, level } = line;
  return (
    <div
      id={idOf(line)}
      class={`line message-line level-${level} ${message.kind} ${message.fate}${isOpen ? " open" : ""}`}
      role="treeitem"
      aria-selected={isActive}
      aria-level={level}
      tabIndex={-1}
    >
      <span class="time">{timeText(message.at)}</span>
      <span class={`person ${person}`}>{message.connection === 0 ? "" : capitalized(person)}</span>
      <span class="number connection" title={`connection ${message.connection}`}>
        {message.connection || ""}
      </span>
      <Direction message={message} />
      <span class="number">{message.way ? bytesText(message.size) : ""}</span>
      <span class="summary">{message.summary}</span>
      <span class="notes">{notesOn(message)}</span>
    </div>
  );
}

function Direction({ message }: { message: MessageRow }) {
  if (!message.way) return <span />;
  return (
    <span class={`way ${message.way}`}>
      <span aria-hidden="true">{message.way === "up" ? "→" : "←"}</span>
      <span class="visually-hidden">{message.way === "up" ? "to the server" : "from the server"}</span>
    </span>
  );
}

/** How long it took from one person's click to the other's screen, the last time. */
function clickToScreen(meter: LagMeter, people: readonly string[]): string {
  return people
    .flatMap((person) => {
      const last = meter.lastFromClick(person);
      if (!last) return [];
      return `${capitalized(last.from)}’s click → ${capitalized(person)}’s screen: ${duration(last.ms)}`;
    })
    .join(" · ");
}

/** The newest, and the one that is chosen. */
function connectionsToChoose(
  connections: ReadonlyMap<number, WireConnection>,
  chosen: number | undefined,
): WireConnection[] {
  return [...connections.values()].filter(
    ({ id, closedAt }, index) => closedAt === undefined || id === chosen || index >= connections.size - 30,
  );
}

function idOf(line: TimelineLine): string {
  return line.type === "message" ? `message-${line.message.id}` : `connection-${line.connection.id}`;
}
