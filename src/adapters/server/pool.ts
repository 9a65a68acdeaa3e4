// Connections to a server, at most `limit` at once. In: how to open and close one. Out: a connection for each who asks,
// in the order asked. Our own, because drivers' pools count the wait for a free connection as connect time-out.

/** Hands out connections; opens them when first needed and keeps them for the next. */
export class Pool<C> {
  readonly #limit: number;
  readonly #open: () => Promise<C>;
  readonly #close: (connection: C) => Promise<void>;
  readonly #idle: C[] = [];
  readonly #waiting: { resolve(c: C): void; reject(e: unknown): void }[] = [];
  #count = 0;
  #closed = false;

  constructor(limit: number, open: () => Promise<C>, close: (connection: C) => Promise<void>) {
    this.#limit = Math.max(1, limit);
    this.#open = open;
    this.#close = close;
  }

  /** A free connection, a new one, or the next that is given back. */
  async take(): Promise<C> {
    if (this.#closed) throw new Error('The warehouse is closed.');
    const free = this.#idle.pop();
    if (free !== undefined) return free;
    if (this.#count >= this.#limit) return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#count++;
    try {
      return await this.#open();
    } catch (e) {
      this.#count--;
      this.#serveNext();
      throw e;
    }
  }

  /** Takes a connection back. One that is not `usable` is closed, and a new one opened for whoever waits. */
  async give(connection: C, usable: boolean): Promise<void> {
    if (usable && !this.#closed) {
      const next = this.#waiting.shift();
      if (next) next.resolve(connection);
      else this.#idle.push(connection);
      return;
    }
    this.#count--;
    await this.#close(connection);
    this.#serveNext();
  }

  /** A connection that the server ended while nobody used it is not handed out again. */
  forget(connection: C): void {
    const i = this.#idle.indexOf(connection);
    if (i < 0) return;
    this.#idle.splice(i, 1);
    this.#count--;
  }

  /** Closes what is idle and turns away who waits; connections given back later are closed then. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const w of this.#waiting.splice(0)) w.reject(new Error('The warehouse is closed.'));
    const idle = this.#idle.splice(0);
    this.#count -= idle.length;
    await Promise.all(idle.map((c) => this.#close(c)));
  }

  #serveNext(): void {
    const next = this.#closed ? undefined : this.#waiting.shift();
    if (next) this.take().then(next.resolve, next.reject);
  }
}
