import { useId, useRef, useState } from "preact/hooks";
import { type Filter, isFiltering, NO_FILTER } from "../filter.ts";
import { replace } from "../router.ts";
import { CloseIcon, FilterIcon, SearchIcon } from "../widgets/icons.tsx";
import { Panel } from "../widgets/panel.tsx";
import { useBoard } from "./context.ts";

/** Which cards are shown. It is kept in the address. */
export function FilterBar() {
  const { model, filter } = useBoard();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const set = (change: Partial<Filter>) =>
    replace({
      view: "board",
      boardId: model.boardId,
      taskId: undefined,
      filter: { ...filter, ...change },
    });
  const count = [filter.assignee, filter.label, filter.due].filter(Boolean).length;
  const labels = [...new Set([...(model.view.value?.tasks.values() ?? [])].flatMap((task) => task.labels))];
  const people = [...model.members.value.values()];
  return (
    <search class="filter-bar">
      <div class="search-field">
        <SearchIcon />
        <input
          type="search"
          data-search
          aria-label="Search cards"
          placeholder="Search cards"
          value={filter.text}
          onInput={(event) => set({ text: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            set({ text: "" });
            event.currentTarget.blur();
          }}
        />
      </div>
      <button
        ref={button}
        type="button"
        class={`button quiet filter-button ${count > 0 ? "active" : ""}`}
        aria-label={count > 0 ? `Filter, ${count} set` : "Filter"}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        popovertarget={id}
      >
        <FilterIcon />
        <span class="wide-only">Filter</span>
        {count > 0 && <span class="badge">{count}</span>}
      </button>
      {isFiltering(filter) && (
        <button type="button" class="button quiet" aria-label="Show all cards" onClick={() => set(NO_FILTER)}>
          <CloseIcon />
          <span class="wide-only">Clear</span>
        </button>
      )}
      <Panel id={id} label="Filter" button={button} onToggle={setOpen}>
        <Choice
          name="Assignee"
          value={filter.assignee}
          options={[
            ["", "Anybody"],
            ["none", "Nobody"],
            ...people.map(({ userId, name }): [string, string] => [
              userId,
              userId === model.userId ? `${name} (you)` : name,
            ]),
          ]}
          onChoose={(assignee) => set({ assignee })}
        />
        <Choice
          name="Label"
          value={filter.label}
          options={[["", "Any"], ...labels.sort().map((label): [string, string] => [label, label])]}
          onChoose={(label) => set({ label })}
        />
        <Choice
          name="Due"
          value={filter.due}
          options={[
            ["", "Any time"],
            ["overdue", "Overdue"],
            ["soon", "In the next 7 days"],
          ]}
          onChoose={(due) => set({ due: due as Filter["due"] })}
        />
      </Panel>
    </search>
  );
}

function Choice(props: {
  readonly name: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, name: string])[];
  onChoose(value: string): void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.name}</label>
      <select id={id} value={props.value} onChange={(event) => props.onChoose(event.currentTarget.value)}>
        {props.options.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
