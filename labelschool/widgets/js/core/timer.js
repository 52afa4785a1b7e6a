// A clock of active work: it runs from one sign of activity to the next, for at most 30 s after the
// last one, and not while the page is hidden.

export const IDLE_MS = 30_000;

export class ActiveTimer {
  #total = 0;
  #last = null;
  #lap = 0;

  constructor(now = () => performance.now(), idle = IDLE_MS) {
    this.now = now;
    this.idle = idle;
  }

  /** A sign of activity: a key, a pointer, a wheel. */
  touch() {
    this.#collect();
    this.#last = this.now();
  }

  /** Stops until the next touch: the page was hidden, or the picture is not there yet. */
  pause() {
    this.#collect();
    this.#last = null;
  }

  /** Active milliseconds so far. */
  get total() {
    const running = this.#last === null ? 0 : Math.min(this.idle, this.now() - this.#last);
    return this.#total + running;
  }

  get running() {
    return this.#last !== null && this.now() - this.#last < this.idle;
  }

  /** Active milliseconds since the last lap; starts a new one. */
  lap() {
    const total = this.total;
    const spent = total - this.#lap;
    this.#lap = total;
    return spent;
  }

  #collect() {
    this.#total = this.total;
    if (this.#last !== null) this.#last = this.now();
  }
}
