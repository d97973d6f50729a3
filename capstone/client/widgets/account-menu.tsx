import { go, route } from "../router.ts";
import { hrefOf } from "../routes.ts";
import { session } from "../session.ts";
import { setTheme, theme } from "../theme.ts";
import { Avatar } from "./avatar.tsx";
import { SettingsIcon, SunIcon } from "./icons.tsx";
import { MenuButton } from "./menu-button.tsx";
import { useSignOut } from "./sign-out.tsx";

const THEMES = [
  ["system", "As the system is"],
  ["light", "Light"],
  ["dark", "Dark"],
] as const;

export function AccountMenu() {
  const user = session.value;
  const { begin, question } = useSignOut();
  if (!user) {
    const at = route.value;
    const next = at.view === "missing" || at.view === "sign-in" ? "/" : hrefOf(at);
    return (
      <a class="button" href={hrefOf({ view: "sign-in", next })}>
        Sign in
      </a>
    );
  }
  return (
    <>
      <MenuButton
        name={`Account of ${user.name}`}
        class="avatar-button"
        items={[
          { name: "Settings", icon: <SettingsIcon />, run: () => go("/settings") },
          {
            name: "Appearance",
            icon: <SunIcon />,
            items: THEMES.map(([value, name]) => ({
              name,
              checked: theme.value === value,
              run: () => setTheme(value),
            })),
          },
          { name: "Sign out", apart: true, run: begin },
        ]}
      >
        <Avatar person={user} title="" />
      </MenuButton>
      {question}
    </>
  );
}
