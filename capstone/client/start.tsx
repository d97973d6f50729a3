import { render } from "preact";
import { useEffect } from "preact/hooks";
import { whenSignedOut } from "./api.ts";
import type { BoardModel } from "./board-model.ts";
import { replace, route, startRouter } from "./router.ts";
import { hrefOf } from "./routes.ts";
import { checkOwner, endSession, loadSession, pageOwner, session, watchSession } from "./session.ts";
import { signedOutElsewhere } from "./sign-out.ts";
import { startTheme } from "./theme.ts";
import { startSending } from "./unsent.ts";
import { Board } from "./views/board.tsx";
import { Boards } from "./views/boards.tsx";
import { Invite } from "./views/invite.tsx";
import { Message } from "./views/message.tsx";
import { Settings } from "./views/settings.tsx";
import { SignIn } from "./views/sign-in.tsx";
import { PageOutlets } from "./widgets/outlets.tsx";

export interface AppOptions {
  openModel(boardId: string, userId: string): Promise<BoardModel>;
}

/** Shows the page that the address says. */
export function start(options: AppOptions): void {
  startTheme();
  startRouter();
  whenSignedOut(endSession);
  watchSession((userId) => signedOutElsewhere(userId, () => replace("/sign-in")), signedInElsewhere);
  addEventListener("focus", checkOwner);
  loadSession();
  startSending();
  const root = document.getElementById("app");
  if (root) render(<App {...options} />, root);
}

/** Whatever this page shows is another user's, or began with a session that is over. */
function signedInElsewhere(): void {
  const at = route.peek();
  if (at.view === "sign-in") location.replace(at.next);
  else location.reload();
}

function App({ openModel }: AppOptions) {
  return (
    <>
      <View openModel={openModel} />
      <PageOutlets />
    </>
  );
}

function View({ openModel }: AppOptions) {
  const at = route.value;
  const user = session.value;
  const ownerId = pageOwner.value;
  // A board stays as it is when a session ends: what was written there must not disappear.
  const staysHere = at.view === "board" && ownerId !== undefined;
  const mustSignIn = user === null && !staysHere && ["boards", "board", "settings"].includes(at.view);

  useEffect(() => {
    if (mustSignIn && at.view !== "missing") replace({ view: "sign-in", next: hrefOf(at) });
  }, [mustSignIn, at]);

  if (user === undefined || mustSignIn) return null;
  switch (at.view) {
    case "sign-in":
      return <SignIn next={at.next} isNew={at.isNew === true} />;
    case "boards":
      return <Boards />;
    case "settings":
      return <Settings />;
    case "invite":
      return <Invite key={at.token} token={at.token} />;
    case "board": {
      if (ownerId === undefined) return null;
      const { boardId, taskId, filter } = at;
      return (
        <Board boardId={boardId} userId={ownerId} taskId={taskId} filter={filter} openModel={openModel} />
      );
    }
    case "missing":
      return (
        <Message title="There is nothing here">
          <p>The address is wrong, or what it showed is gone.</p>
          <a class="button" href="/">
            To your boards
          </a>
        </Message>
      );
  }
}
