import { useEffect } from "preact/hooks";
import { Appearance } from "../settings/appearance.tsx";
import { Password } from "../settings/password.tsx";
import { Tokens } from "../settings/tokens.tsx";
import { PageHead } from "./page-head.tsx";

export function Settings() {
  useEffect(() => {
    document.title = "Settings";
  }, []);
  return (
    <>
      <PageHead />
      <main class="page settings" id="main">
        <h1>Settings</h1>
        <Appearance />
        <Password />
        <Tokens />
      </main>
    </>
  );
}
