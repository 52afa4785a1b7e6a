// A clock of active work. Looking is work, so a gap of up to 30 s between two signs of activity
// counts in full; a longer one was a pause and counts as 5 s. Until the next sign tells which it was,
// and where the page is hidden before one comes, a gap counts for at most 5 s: so the clock never
// runs back.

const LOOK_MS = 30_000;
const REST_MS = 5_000;

export const activeTimer = (now = () => performance.now()) => {
  let counted = 0;
  let last = null;
  let lapped = 0;

  /** Milliseconds since the last sign of activity. */
  const gap = () => (last === null ? 0 : now() - last);
  const timer = {
    /** A sign of activity: a key, a pointer, a wheel. */
    touch() {
      counted += gap() <= LOOK_MS ? gap() : REST_MS;
      last = now();
    },

    /** Stops until the next touch: the page was hidden, or the picture is not there yet. */
    pause() {
      counted = timer.total;
      last = null;
    },

    /** Active milliseconds so far. */
    get total() {
      return counted + Math.min(REST_MS, gap());
    },

    get running() {
      return last !== null && gap() < REST_MS;
    },

    /** Active milliseconds since the last lap; starts a new one. */
    lap() {
      const { total } = timer;
      const spent = total - lapped;
      lapped = total;
      return spent;
    },
  };
  return timer;
};
