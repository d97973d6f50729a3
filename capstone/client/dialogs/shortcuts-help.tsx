import { SHORTCUTS } from "../shortcuts.ts";
import { Dialog } from "../widgets/dialog.tsx";

export function ShortcutsHelp({ onClose }: { onClose(): void }) {
  return (
    <Dialog title="Keyboard shortcuts" kind="small" onClose={onClose}>
      <dl class="dialog-body shortcuts">
        {SHORTCUTS.map(({ key, name }) => (
          <div key={key}>
            <dt>
              {key.split(" ").map((part) => (
                <kbd key={part}>{part}</kbd>
              ))}
            </dt>
            <dd>{name}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
