/** Limits that no test runs into. */
export const NO_LIMITS = Object.fromEntries(
  [
    "signInsOfUser",
    "signInsOfAddress",
    "messagesOfUser",
    "messagesOfAddress",
    "signUpsOfAddress",
    "guessesOfAddress",
    "readsOfUser",
    "searchesOfUser",
    "readsOfUser",
  ].map((name) => [name, { burst: 1e9, perSecond: 1e9 }]),
);
