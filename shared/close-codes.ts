/**
 * Why a server of this course closes a WebSocket. 1011 and 1012 are registered (RFC 6455, section 7.4.1, and IANA); 4000
 * to 4999 are free for applications. Below 4400 a client comes back, from 4400 on it does not.
 */
export const CLOSE_CODES = {
  /** A bug, or a database that cannot be read: the client may try again. */
  internalError: 1011,
  /** The server is restarting. */
  restart: 1012,
  /** This node is being emptied: another one takes over. */
  drain: 4001,
  sessionExpired: 4005,
  /** The client has not read for too long. */
  slow: 4008,
  /** The log does not reach back to the client's cursor. */
  historyGone: 4010,
  /** The client has not answered a ping. */
  noPong: 4012,
  /** Too many messages in too short a time. */
  tooMany: 4013,
  /** What the client sends is no message of this protocol, again and again. */
  badMessages: 4400,
  notSignedIn: 4401,
  notMember: 4403,
  noSuchBoard: 4404,
} as const;

/** Whether a client should come back after a close. A connection that broke has the code 1006. */
export function shouldComeBack(code: number): boolean {
  return code < 4400 && ![1002, 1003, 1007, 1008, 1009].includes(code);
}
