// How far it goes, by calculation: what so many people need of each part, from what one of them was measured to need.

/** What was measured. Times are processor time. */
export interface Constants {
  /** Of a node: memory for one socket that follows a board, in bytes. */
  readonly bytesPerSocket: number;
  /** Of a node: to send one event to one socket, in microseconds. */
  readonly microsPerDelivery: number;
  /** Of a node: to carry out one change, in microseconds. */
  readonly microsPerChange: number;
  /** Of a node that follows the board: to look into the log after a hint, in microseconds. */
  readonly microsPerHint: number;
  /** Of Redis: to take one hint and pass it on to one node, in microseconds. */
  readonly redisMicrosPerHint: number;
  /** How many changes the database commits in a second, from all nodes together. */
  readonly commitsPerSecond: number;
}

/** How people behave. */
export interface Load {
  readonly connections: number;
  /** How many connections follow the same board. */
  readonly connectionsPerBoard: number;
  /** How often each of them changes something. */
  readonly secondsBetweenChanges: number;
  /** How often each socket hears a heartbeat. */
  readonly heartbeatSeconds: number;
  /** Memory of a node for sockets, in bytes. */
  readonly nodeBytes: number;
  /** How many connections a node takes. */
  readonly nodeSockets: number;
  /** How busy a processor may be, from 0 to 1: what is busier answers late. */
  readonly maxBusy: number;
}

export interface Need {
  readonly changesPerSecond: number;
  readonly deliveriesPerSecond: number;
  /** Memory for all sockets, in bytes. */
  readonly bytes: number;
  /** How many processors the nodes keep busy. */
  readonly nodeCores: number;
  readonly nodes: number;
  /** Messages that Redis takes and passes on, in a second. */
  readonly redisMessagesPerSecond: number;
  /** Which share of its one processor Redis needs. Above 1 it cannot. */
  readonly redisBusy: number;
  /** Which share of what the database can commit. Above 1 it cannot. */
  readonly databaseBusy: number;
}

const MICROS = 1_000_000;

export function needFor(load: Load, constants: Constants): Need {
  const { connections, connectionsPerBoard, secondsBetweenChanges, heartbeatSeconds } = load;
  const changesPerSecond = connections / secondsBetweenChanges;
  const deliveriesPerSecond = changesPerSecond * connectionsPerBoard;
  const bytes = connections * constants.bytesPerSocket;
  /** A heartbeat is a message to one socket, and costs about what an event does. */
  const sentPerSecond = deliveriesPerSecond + connections / heartbeatSeconds;

  /** @param nodes a board is followed on at most as many nodes as it has connections */
  const nodesWithBoard = (nodes: number) => Math.min(nodes, connectionsPerBoard);
  const coresWith = (nodes: number) =>
    (sentPerSecond * constants.microsPerDelivery +
      changesPerSecond * constants.microsPerChange +
      changesPerSecond * nodesWithBoard(nodes) * constants.microsPerHint) /
    MICROS;

  // More nodes mean more hints: so upwards, until they can carry it.
  let nodes = Math.max(1, Math.ceil(bytes / load.nodeBytes), Math.ceil(connections / load.nodeSockets));
  while (coresWith(nodes) / nodes > load.maxBusy) nodes += 1;
  const redisMessagesPerSecond = changesPerSecond * nodesWithBoard(nodes);

  return {
    changesPerSecond,
    deliveriesPerSecond,
    bytes,
    nodeCores: coresWith(nodes),
    nodes,
    redisMessagesPerSecond,
    redisBusy: (redisMessagesPerSecond * constants.redisMicrosPerHint) / MICROS,
    databaseBusy: changesPerSecond / constants.commitsPerSecond,
  };
}
