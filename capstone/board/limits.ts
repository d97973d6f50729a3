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

/** What an account and its tokens can be. */
export const ACCOUNT = {
  /** The user name, as a pattern of HTML and of a regular expression. */
  userId: "[a-z0-9][a-z0-9_\\-]{1,31}",
  userIdInWords: "2 to 32 small letters, digits, _ or -, a letter or digit first",
  /** Characters of the name that others see. */
  name: 60,
  /** Characters of a password. */
  minPassword: 10,
  maxPassword: 1_000,
  /** Characters of what a token is called. */
  tokenName: 60,
} as const;
