/** The largest that each can be. In characters, if nothing else is said. Apart from the schemas, so that a page needs not load those. */
export const LIMITS = {
  boardName: 100,
  listName: 100,
  title: 500,
  description: 10_000,
  comment: 2_000,
  label: 30,
  /** How many labels a task has. */
  labels: 10,
  /** How many lists a board has. */
  lists: 100,
  /** How many tasks a board has. */
  tasks: 5_000,
  /** How many comments a task has. */
  comments: 500,
  /** How many comments a board has. */
  boardComments: 20_000,
  /** What all titles, descriptions and comments of a board come to: whoever opens it loads all of it. */
  boardText: 4_000_000,
  /** How many members a board has. */
  members: 100,
} as const;
