// The save protocol, free of page and kernel: who calls passes `send`, `drafts` and `clock`.
//
//   edit -> pending -> in flight -> acknowledged
//
// One save is in flight at a time; edits made meanwhile wait and go together. A save without answer
// is sent again under the same number, which the kernel recognises. `status` is one of
//   saved     everything is on disk
//   saving    on its way
//   unsaved   no answer within 3 s (`reason` null) or refused (`reason` is the kernel's sentence)
//   conflict  the file has moved on; only the learner decides (`current` is its revision)

export const ANSWER_MS = 3000;
export const RETRY_MS = 5000;

const browserClock = {
  set: (run, ms) => setTimeout(run, ms),
  clear: (id) => clearTimeout(id),
  now: () => Date.now(),
};

export class Saver {
  #pending = new Map();
  #modes = {};
  #flight = null;
  #sequence = 0;
  #timer = null;
  #send;
  #drafts;
  #client;
  #onChange;
  #clock;

  constructor({ send, drafts, client, onChange, clock = browserClock }) {
    this.#send = send;
    this.#drafts = drafts;
    this.#client = client;
    this.#onChange = onChange;
    this.#clock = clock;
    this.base = 0;
    this.status = "saved";
    this.reason = null;
    this.current = null;
  }

  /** True when nothing waits for an acknowledgement. */
  get clean() {
    return !this.#flight && this.#pending.size === 0;
  }

  /** Starts from what the file holds. */
  start(base) {
    this.#stop();
    this.#flight = null;
    this.#pending.clear();
    this.#drafts.clear();
    this.base = base;
    this.current = null;
    this.#set("saved");
  }

  /** Takes the current answers of changed items: { name: answer }; sends after `pause` ms of rest. */
  edit(answers, mode, pause = 0) {
    for (const [name, answer] of Object.entries(answers)) {
      this.#pending.set(name, answer);
      this.#modes[name] = mode;
    }
    this.#draft();
    if (this.status === "conflict" || this.#flight) return this.#onChange(this);
    if (!pause || this.status === "unsaved") return this.#flush();
    this.#stop();
    this.#set("saving");
    this.#timer = this.#clock.set(() => this.#flush(), pause);
  }

  /** Handles an answer of the kernel; answers to other tabs are not for us. */
  receive(message) {
    const flight = this.#flight;
    if (!flight || message.client !== this.#client || message.seq !== flight.message.seq) return;
    this.#stop();
    this.#flight = null;
    if (message.kind === "saved") this.#acknowledged(message.revision);
    else this.#refused(message, flight);
  }

  /** Tries again now, after a refusal. */
  retry() {
    if (this.status === "conflict") return;
    this.#stop();
    if (this.#flight) this.#transmit();
    else if (this.#pending.size) this.#flush();
  }

  /** Ends a conflict: all answers of this tab replace what the file holds. */
  keep(answers, mode) {
    this.base = this.current;
    this.current = null;
    this.#pending = new Map(Object.entries(answers));
    for (const name of this.#pending.keys()) this.#modes[name] = mode;
    this.#draft();
    this.#flush({ replace: true });
  }

  /** Stops all timers: the cell was run again or the page is left. The draft stays. */
  dispose() {
    this.#stop();
  }

  #flush(extra = {}) {
    this.#stop();
    const edits = this.#pending;
    this.#pending = new Map();
    this.#sequence += 1;
    const modes = Object.fromEntries([...edits.keys()].map((name) => [name, this.#modes[name]]));
    const message = {
      kind: "save",
      client: this.#client,
      seq: this.#sequence,
      base: this.base,
      edits: [...edits.values()],
      modes,
      ...extra,
    };
    this.#flight = { edits, message };
    if (this.status !== "unsaved") this.#set("saving");
    this.#transmit();
  }

  #transmit() {
    const wait = this.status === "unsaved" ? RETRY_MS : ANSWER_MS;
    this.#timer = this.#clock.set(() => {
      if (this.status !== "unsaved") this.#set("unsaved");
      this.#transmit();
    }, wait);
    this.#send(this.#flight.message);
  }

  #acknowledged(revision) {
    this.base = revision;
    if (this.#pending.size) {
      this.#draft();
      this.#set("saving");
      this.#flush();
      return;
    }
    this.#drafts.clear();
    this.#set("saved");
  }

  #refused(message, flight) {
    this.#pending = new Map([...flight.edits, ...this.#pending]);
    this.#draft();
    if (message.kind === "conflict") {
      this.current = message.current;
      this.#set("conflict");
      return;
    }
    this.#set("unsaved", message.sentence);
    this.#timer = this.#clock.set(() => this.retry(), RETRY_MS);
  }

  #draft() {
    const sent = this.#flight ? Object.fromEntries(this.#flight.edits) : {};
    const edits = { ...sent, ...Object.fromEntries(this.#pending) };
    this.#drafts.write({ base: this.base, at: this.#clock.now(), edits, sent });
  }

  #set(status, reason = null) {
    this.status = status;
    this.reason = reason;
    this.#onChange(this);
  }

  #stop() {
    this.#clock.clear(this.#timer);
    this.#timer = null;
  }
}
