// The event bus: whoever makes something known does not know who wants to hear it.

/** What can be published: a message type for each topic. A key can be a pattern, as in `board:${string}`. */
export type TopicMap = object;

/** What is done with a message. A promise says when the next one may come. */
export type Handler<Message> = (message: Message) => void | Promise<void>;

/** A subscriber has done something that it should not. It is reported, and nobody else notices. */
export type Trouble =
  | { readonly kind: "threw"; readonly subscriber: string; readonly error: unknown }
  /** It has not finished with a message for so long; others do not wait for it. */
  | { readonly kind: "hangs"; readonly subscriber: string; readonly ms: number }
  /** It was so slow that so many messages were thrown away. */
  | { readonly kind: "skipped"; readonly subscriber: string; readonly count: number };

export interface EventBusOptions {
  /** @default prints it */
  onTrouble?(trouble: Trouble): void;
  /** How many messages wait for one subscriber at most. @default 1000 */
  readonly maxWaiting?: number;
  /** After so long a handler that has not finished is reported. In milliseconds. @default 5000 */
  readonly hangMs?: number;
}

export interface SubscribeOptions {
  /** Messages for this subscriber were thrown away. Whatever is in the log can be read from there. */
  onSkipped?(): void | Promise<void>;
}

interface Subscriber {
  readonly name: string;
  /** Counts the subscriptions: who came first hears it first. */
  readonly order: number;
  readonly handler: Handler<never>;
  readonly onSkipped: (() => void | Promise<void>) | undefined;
  waiting: unknown[];
  isBusy: boolean;
  isOver: boolean;
}

export function createEventBus<Topics extends TopicMap>(options: EventBusOptions = {}) {
  const { onTrouble = report, maxWaiting = 1_000, hangMs = 5_000 } = options;
  const byPattern = new Map<string, Set<Subscriber>>();
  const pending: { readonly topic: string; readonly message: unknown }[] = [];
  let isDelivering = false;
  let subscriptions = 0;

  /**
   * @param pattern a topic, or all that begin alike: `board:*`
   * @param name says who it is when there is trouble
   * @returns ends this subscription, and no other. Nothing is delivered after it, not even what was waiting.
   */
  function subscribe<Pattern extends keyof Topics & string>(
    pattern: Pattern,
    name: string,
    handler: Handler<Topics[Pattern]>,
    { onSkipped }: SubscribeOptions = {},
  ): () => void {
    subscriptions += 1;
    const subscriber: Subscriber = {
      name,
      order: subscriptions,
      handler,
      onSkipped,
      waiting: [],
      isBusy: false,
      isOver: false,
    };
    const subscribers = byPattern.get(pattern) ?? new Set();
    byPattern.set(pattern, subscribers.add(subscriber));
    return () => {
      subscriber.isOver = true;
      subscriber.waiting = [];
      subscribers.delete(subscriber);
      if (subscribers.size === 0 && byPattern.get(pattern) === subscribers) byPattern.delete(pattern);
    };
  }

  /**
   * Tells everybody who has subscribed, in the order in which they did. Call it after the commit: what is published cannot
   * be taken back.
   */
  function publish<Topic extends keyof Topics & string>(topic: Topic, message: Topics[Topic]): void {
    pending.push({ topic, message });
    // A subscriber that publishes something itself: first everybody hears this message, and then that one.
    if (isDelivering) return;
    isDelivering = true;
    for (let next = pending.shift(); next; next = pending.shift()) {
      for (const subscriber of subscribersOf(next.topic)) deliver(subscriber, next.message);
    }
    isDelivering = false;
  }

  function subscribersOf(topic: string): Subscriber[] {
    const exact = byPattern.get(topic) ?? [];
    const colon = topic.indexOf(":");
    const alike = (colon >= 0 && byPattern.get(`${topic.slice(0, colon)}:*`)) || [];
    return [...exact, ...alike].sort((a, b) => a.order - b.order);
  }

  function deliver(subscriber: Subscriber, message: unknown): void {
    if (subscriber.isOver) return;
    if (!subscriber.isBusy) run(subscriber, message);
    else if (subscriber.waiting.length < maxWaiting) subscriber.waiting.push(message);
    else skip(subscriber);
  }

  /** Not the oldest and not the newest: all of them. A subscriber with a hole in the middle would not know what it lacks. */
  function skip(subscriber: Subscriber): void {
    const count = subscriber.waiting.length + 1;
    subscriber.waiting = [];
    complain({ kind: "skipped", subscriber: subscriber.name, count });
    Promise.resolve(attempt(subscriber, () => subscriber.onSkipped?.())).catch((error) =>
      complain({ kind: "threw", subscriber: subscriber.name, error }),
    );
  }

  /** One message at a time, also when the handler publishes something that comes back to it. */
  function run(subscriber: Subscriber, message: unknown): void {
    subscriber.isBusy = true;
    const finished = attempt(subscriber, () => subscriber.handler(message as never));
    if (!finished) {
      goOn(subscriber);
      return;
    }
    const hanging = setTimeout(() => {
      complain({ kind: "hangs", subscriber: subscriber.name, ms: hangMs });
    }, hangMs);
    Promise.resolve(finished)
      .catch((error) => complain({ kind: "threw", subscriber: subscriber.name, error }))
      .finally(() => {
        clearTimeout(hanging);
        goOn(subscriber);
      });
  }

  function goOn(subscriber: Subscriber): void {
    subscriber.isBusy = false;
    if (subscriber.waiting.length > 0) deliver(subscriber, subscriber.waiting.shift());
  }

  /** What a subscriber throws is its own affair. */
  function attempt<T>(subscriber: Subscriber, call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      complain({ kind: "threw", subscriber: subscriber.name, error });
      return undefined;
    }
  }

  /** Whoever listens to trouble must not make more of it. */
  function complain(trouble: Trouble): void {
    try {
      onTrouble(trouble);
    } catch (error) {
      console.error(error);
    }
  }

  return {
    subscribe,
    publish,
    /** How many subscriptions there are. */
    get size(): number {
      return [...byPattern.values()].reduce((sum, subscribers) => sum + subscribers.size, 0);
    },
  };
}

function report(trouble: Trouble): void {
  const { kind, subscriber } = trouble;
  const words = { threw: "has thrown", hangs: "hangs", skipped: "is too slow" }[kind];
  console.error(`The subscriber "${subscriber}" ${words}:`, trouble);
}
