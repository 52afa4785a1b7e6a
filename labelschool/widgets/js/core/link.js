// The line to the kernel: custom messages of the widget model. A dead kernel answers nothing, and a
// closed line throws; both look the same to the caller.

const RETRY_MS = 3000;

export class Link {
  #handlers = new Map();

  /** `onHeard` runs at every message: the kernel is alive. */
  constructor(model, signal, onHeard) {
    this.model = model;
    const receive = (message, buffers) => {
      onHeard();
      this.#handlers.get(message?.kind)?.(message, buffers);
    };
    model.on("msg:custom", receive);
    signal.addEventListener("abort", () => model.off("msg:custom", receive));
  }

  on(kinds, handler) {
    for (const kind of kinds) this.#handlers.set(kind, handler);
  }

  send(message) {
    try {
      this.model.send(message);
    } catch {
      // The line is closed: the missing answer tells.
    }
  }

  /** Sends until the returned function is called; `onSilence` runs each time 3 s have passed. */
  ask(message, onSilence, signal) {
    const repeat = () => {
      onSilence();
      this.send(message);
    };
    const timer = setInterval(repeat, RETRY_MS);
    const answered = () => clearInterval(timer);
    signal.addEventListener("abort", answered);
    this.send(message);
    return answered;
  }
}
