// Pictures and other files come from the kernel as bytes, one part of an item at a time, with the
// next one ahead of need.

const KEPT = 6;

/** Parts that are pictures, and are ready once the browser has read them. */
const PICTURES = ["image", "camera", "neighbours"];

const keyOf = (name, part) => `${name}/${part}`;

/**
 * The files of a session's items; `onReady()` runs when a part of the item in sight has come. Returns
 * { get, want }.
 */
export const mediaOf = (session, onReady) => {
  const { link, signal } = session;
  const ready = new Map();
  const asked = new Map();

  /**
   * A part of an item: { bitmap, bitmaps } for pictures, { buffers } for anything else, { error };
   * null while it is on its way. `bitmap` is the first of the bitmaps.
   */
  const get = (name, part = "image") => {
    const key = keyOf(name, part);
    const held = ready.get(key);
    if (!held) return null;
    // What is in use is the last to be dropped.
    ready.delete(key);
    ready.set(key, held);
    return held;
  };

  /** Asks for a part unless it is here or on its way. */
  const want = (name, part = "image") => {
    const key = keyOf(name, part);
    if (ready.has(key) || asked.has(key)) return;
    const message = { kind: "media", item: name, part };
    asked.set(
      key,
      link.ask(message, () => session.unheard(), signal),
    );
  };

  const keep = (name, part, result) => {
    const key = keyOf(name, part);
    asked.get(key)?.();
    asked.delete(key);
    if (signal.aborted) return;
    ready.delete(key);
    ready.set(key, result);
    while (ready.size > KEPT) {
      const [oldest, { bitmaps = [] }] = ready.entries().next().value;
      for (const bitmap of bitmaps) bitmap.close();
      ready.delete(oldest);
    }
    if (name === session.item.name) onReady();
  };

  link.on(["media"], async ({ item, part }, buffers) => {
    if (!asked.has(keyOf(item, part))) return;
    if (!PICTURES.includes(part)) return keep(item, part, { buffers });
    try {
      const bitmaps = await Promise.all(
        buffers.map((buffer) => createImageBitmap(new Blob([buffer]))),
      );
      keep(item, part, { bitmap: bitmaps[0], bitmaps });
    } catch {
      const error = `The picture of ${item} cannot be shown: its file is damaged.`;
      keep(item, part, { error });
    }
  });
  link.on(["nomedia"], ({ item, part, sentence }) => keep(item, part, { error: sentence }));
  return { get, want };
};
