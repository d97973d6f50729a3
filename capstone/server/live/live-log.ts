// Where the live part says what has gone wrong.

/** @param what a few words about what was tried */
export type LogError = (error: unknown, what: string) => void;
