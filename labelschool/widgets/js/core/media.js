// Pictures and other files come from the kernel as bytes, one part of an item at a time, with the
// next one ahead of need.

const KEPT = 6;

/** Parts that are one picture, and are ready once the browser has read it. */
const PICTURES = ["image", "camera"];

const keyOf = (name, part) => `${name}/${part}`;

export class Media {
  #ready = new Map();
  #asked = new Map();

  /** `onReady(name, part)` runs when something has come, `onSilence()` when the kernel is mute. */
  constructor(link, signal, { onReady, onSilence }) {
    this.link = link;
    this.signal = signal;
    this.onReady = onReady;
    this.onSilence = onSilence;
    link.on(["media"], ({ item, part }, buffers) => this.#receive(item, part, buffers));
    link.on(["nomedia"], ({ item, part, sentence }) => this.#keep(item, part, { error: sentence }));
  }

  /**
   * A part of an item: { bitmap } for a picture, { buffers } for anything else, { error }; null
   * while it is on its way.
   */
  get(name, part = "image") {
    return this.#ready.get(keyOf(name, part)) ?? null;
  }

  /** Asks for a part unless it is here or on its way. */
  want(name, part = "image") {
    const key = keyOf(name, part);
    if (this.#ready.has(key) || this.#asked.has(key)) return;
    const message = { kind: "media", item: name, part };
    this.#asked.set(key, this.link.ask(message, this.onSilence, this.signal));
  }

  async #receive(name, part, buffers) {
    if (!this.#asked.has(keyOf(name, part))) return;
    if (!PICTURES.includes(part)) return this.#keep(name, part, { buffers });
    try {
      const bitmap = await createImageBitmap(new Blob([buffers[0]]));
      this.#keep(name, part, { bitmap });
    } catch {
      const error = `The picture of ${name} cannot be shown: its file is damaged.`;
      this.#keep(name, part, { error });
    }
  }

  #keep(name, part, result) {
    const key = keyOf(name, part);
    this.#asked.get(key)?.();
    this.#asked.delete(key);
    if (this.signal.aborted) return;
    this.#ready.delete(key);
    this.#ready.set(key, result);
    while (this.#ready.size > KEPT) {
      const [oldest, { bitmap }] = this.#ready.entries().next().value;
      bitmap?.close();
      this.#ready.delete(oldest);
    }
    this.onReady(name, part);
  }
}
