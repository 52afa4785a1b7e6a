// Pictures come from the kernel as bytes, one item at a time, with the next one ahead of need.

const KEPT = 6;

export class Images {
  #ready = new Map();
  #asked = new Map();

  constructor(link, signal, { onReady, onSilence }) {
    this.link = link;
    this.signal = signal;
    this.onReady = onReady;
    this.onSilence = onSilence;
    link.on(["image"], (message, buffers) => this.#decode(message.item, buffers[0]));
    link.on(["noimage"], (message) => this.#keep(message.item, { error: message.sentence }));
  }

  /** The picture of an item: { bitmap } or { error }; null while it is on its way. */
  get(name) {
    return this.#ready.get(name) ?? null;
  }

  /** Asks for a picture unless it is here or on its way. */
  want(name) {
    if (this.#ready.has(name) || this.#asked.has(name)) return;
    const message = { kind: "image", item: name };
    this.#asked.set(name, this.link.ask(message, this.onSilence, this.signal));
  }

  async #decode(name, buffer) {
    if (!this.#asked.has(name)) return;
    try {
      const bitmap = await createImageBitmap(new Blob([buffer]));
      this.#keep(name, { bitmap });
    } catch {
      this.#keep(name, { error: `The picture of ${name} cannot be shown: its file is damaged.` });
    }
  }

  #keep(name, result) {
    this.#asked.get(name)?.();
    this.#asked.delete(name);
    if (this.signal.aborted) return;
    this.#ready.delete(name);
    this.#ready.set(name, result);
    while (this.#ready.size > KEPT) {
      const [oldest, { bitmap }] = this.#ready.entries().next().value;
      bitmap?.close();
      this.#ready.delete(oldest);
    }
    this.onReady(name);
  }
}
