// All that can be set, with its default.
import type { BoardPresenceSettings } from "../../../chapters/09-presence/board-presence.ts";

export interface LiveSettings extends BoardPresenceSettings {
  /** A longer message closes a socket with 1009. In bytes. @default 65536 */
  readonly maxMessageBytes?: number;
  /** More messages of one socket in one second of the clock close it with 4013. @default 50 */
  readonly maxMessagesPerSecond?: number;
  /** So many messages in a row that are none close a socket with 4400. @default 10 */
  readonly maxBadMessages?: number;
  /** A socket can follow so many boards. @default 50 */
  readonly maxBoardsOfSocket?: number;
  /** How long somebody may take to say who they are in the first message. In milliseconds. @default 5000 */
  readonly authWithinMs?: number;
  /** A ping and a heartbeat with the heads go out so often; no pong until the next one: 4012. In milliseconds. @default 25000 */
  readonly heartbeatMs?: number;
  /** How long a client may take to answer a close. In milliseconds. @default 5000 */
  readonly closeTimeoutMs?: number;
  /** A client that has left this much unread is cut off (4008). In bytes. @default 1048576 */
  readonly maxBacklogBytes?: number;
  /** So is one that has taken nothing, as far as can be seen, for so long. In milliseconds. @default 5000 */
  readonly maxStallMs?: number;
  /** A comment goes out on a stream so often. In milliseconds. @default 15000 */
  readonly streamHeartbeatMs?: number;
  /** After this a stream ends in good order, and the client comes back. In milliseconds. @default 15 to 30 minutes */
  readonly streamMaxAgeMs?: number;
  /** What the client of a stream is told to wait before it connects again. In milliseconds. @default 2 to 5 seconds */
  readonly retryMs?: number;
  /** How long a question is kept open: well under the 60 s after which proxies give up. In milliseconds. @default 25000 */
  readonly waitMs?: number;
  /** Under load, what is published to one board is sent together so often. In milliseconds. 0: every turn. @default 5 */
  readonly windowMs?: number;
  /** Under churn, who is there is said so often. In milliseconds. @default 100 */
  readonly signalEveryMs?: number;
  /** What is known of a board is kept for so long after its last follower. In milliseconds. @default 30000 */
  readonly keepBoardsMs?: number;
  /** `close` cuts what has not ended by then. In milliseconds. @default 800 */
  readonly closeWithinMs?: number;
  /** Of other nodes' changes: how often the log is looked at without a hint. In milliseconds. @default 1000 */
  readonly lookMs?: number;
}
