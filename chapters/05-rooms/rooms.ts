// Who is where: groups of members, and a word to all of a group.

/** Somebody who can be in rooms: a connection, not a person. A person may have several. */
export interface Member {
  readonly userId: string;
  /** The same bytes go to every member. */
  send(bytes: Uint8Array): void;
}

export function createRooms<Each extends Member>() {
  const membersOf = new Map<string, Set<Each>>();
  const roomsOf = new Map<Each, Set<string>>();
  /** How many connections each person has in a room: counted, because a large room is not searched for every joining. */
  const peopleIn = new Map<string, Map<string, number>>();

  /** @returns whether the member was not there already */
  function join(room: string, member: Each): boolean {
    const members = membersOf.get(room) ?? new Set();
    if (members.has(member)) return false;
    membersOf.set(room, members.add(member));
    roomsOf.set(member, (roomsOf.get(member) ?? new Set()).add(room));
    count(room, member.userId, 1);
    return true;
  }

  /** The last one turns off the light: an empty room is no room. @returns whether the member was there */
  function leave(room: string, member: Each): boolean {
    const members = membersOf.get(room);
    if (!members?.delete(member)) return false;
    if (members.size === 0) membersOf.delete(room);
    const rooms = roomsOf.get(member);
    rooms?.delete(room);
    if (rooms?.size === 0) roomsOf.delete(member);
    count(room, member.userId, -1);
    return true;
  }

  function count(room: string, userId: string, change: 1 | -1): void {
    const people = peopleIn.get(room) ?? new Map<string, number>();
    const connections = (people.get(userId) ?? 0) + change;
    if (connections > 0) people.set(userId, connections);
    else people.delete(userId);
    if (people.size > 0) peopleIn.set(room, people);
    else peopleIn.delete(room);
  }

  /** What a member that is gone leaves behind. @returns the rooms that it was in */
  function leaveAll(member: Each): string[] {
    const rooms = [...(roomsOf.get(member) ?? [])];
    for (const room of rooms) leave(room, member);
    return rooms;
  }

  /**
   * Tells a room something. The bytes are made once, by the caller, however many are there.
   * @param except usually the one who caused it, and knows already
   */
  function broadcast(room: string, bytes: Uint8Array, except?: Each): void {
    for (const member of membersOf.get(room) ?? []) {
      if (member !== except) member.send(bytes);
    }
  }

  return {
    join,
    leave,
    leaveAll,
    broadcast,
    isIn: (room: string, member: Each) => membersOf.get(room)?.has(member) ?? false,
    /** The people in a room, each once, however many connections they have there. */
    people: (room: string) => [...(peopleIn.get(room)?.keys() ?? [])].sort(),
    /** How many connections of a person are in a room. */
    connectionsOf: (room: string, userId: string) => peopleIn.get(room)?.get(userId) ?? 0,
    get roomCount() {
      return membersOf.size;
    },
  };
}
