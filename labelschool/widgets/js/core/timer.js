// A clock of active work. Looking is work, so a gap of up to 30 s between two signs of activity
// counts in full; a longer one was a pause and counts as 5 s. Until the next sign tells which it was,
// and where the page is hidden before one comes, a gap counts for at most 5 s: so the clock never
// runs back.

const LOOK_MS = 30_000;
const REST_MS = 5_000;

export class ActiveTimer {
  #total = 0;
  #last = null;
  #lap = 0;

  constructor(now = () => performance.now()) {
    this.now = now;
  }

  /** A sign of activity: a key, a pointer, a wheel. */
  touch() {
    this.#total += this.#gap <= LOOK_MS ? this.#gap : REST_MS;
    this.#last = this.now();
  }

  /** Stops until the next touch: the page was hidden, or the picture is not there yet. */
  pause() {
    this.#total = this.total;
    this.#last = null;
  }

  /** Active milliseconds so far. */
  get total() {
    return this.#total + Math.min(REST_MS, this.#gap);
  }

  get running() {
    return this.#last !== null && this.#gap < REST_MS;
  }

  /** Active milliseconds since the last lap; starts a new one. */
  lap() {
    const total = this.total;
    const spent = total - this.#lap;
    this.#lap = total;
    return spent;
  }

  /** Milliseconds since the last sign of activity. */
  get #gap() {
    return this.#last === null ? 0 : this.now() - this.#last;
  }
}
