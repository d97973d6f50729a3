import { setTheme, type Theme, theme } from "../theme.ts";

export function Appearance() {
  return (
    <section class="block" aria-labelledby="appearance">
      <h2 id="appearance">Appearance</h2>
      <fieldset class="choices in-row">
        <legend class="visually-hidden">Colours</legend>
        {(["system", "light", "dark"] as Theme[]).map((value) => (
          <label key={value}>
            <input
              type="radio"
              name="theme"
              checked={theme.value === value}
              onChange={() => setTheme(value)}
            />
            {{ system: "As the system is", light: "Light", dark: "Dark" }[value]}
          </label>
        ))}
      </fieldset>
    </section>
  );
}
