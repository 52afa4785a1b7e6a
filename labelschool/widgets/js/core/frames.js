// The pictures of a clip: the files are all here, decoded are those around the frame in sight.

/** Memory for decoded frames, in bytes of four a pixel. */
const BUDGET = 96e6;
const FEWEST = 8;
/** How many frames are decoded at a time, and how far ahead of and behind the one in sight. */
const WORKERS = 2;
const AHEAD = 12;
const BEHIND = 4;

const toBitmap = (buffer) => createImageBitmap(new Blob([buffer]));

/**
 * `onReady(frame)` runs when the bitmap of a frame is there or known to be damaged. Returns
 * { buffers, kept, show, has, close }.
 */
export const decoder = (buffers, { width, height }, onReady, decode = toBitmap) => {
  const kept = Math.max(FEWEST, Math.floor(BUDGET / (4 * width * height)));
  const ahead = Math.min(AHEAD, kept - BEHIND - WORKERS);
  /** Bitmaps by frame, null for a damaged one. */
  const known = new Map();
  const decoding = new Set();
  let wanted = [];
  let shown = null;
  let closed = false;

  const work = () => {
    while (decoding.size < WORKERS) {
      const next = wanted.find(
        (frame) => buffers[frame] && !known.has(frame) && !decoding.has(frame),
      );
      if (next === undefined) return;
      decodeOne(next);
    }
  };

  const decodeOne = async (frame) => {
    decoding.add(frame);
    const bitmap = await decode(buffers[frame]).catch(() => null);
    decoding.delete(frame);
    if (closed) return bitmap?.close();
    known.set(frame, bitmap);
    forget();
    onReady(frame);
    work();
  };

  /** Lets go of the frames farthest from the one in sight, and of none that is wanted. */
  const forget = () => {
    const away = (frame) => (wanted.includes(frame) ? 0 : Math.abs(frame - wanted[0]));
    const held = [...known.keys()].filter((frame) => known.get(frame) && frame !== shown);
    held.sort((a, b) => away(a) - away(b));
    for (const frame of held.slice(kept - 1)) {
      known.get(frame).close();
      known.delete(frame);
    }
  };

  return {
    buffers,
    kept,
    /** True when waiting for a frame would be in vain: it is decoded or damaged. */
    has: (frame) => known.has(frame),
    /** The bitmap of a frame, null if it is damaged; while it is on its way, the last one shown. */
    show(frame) {
      const bitmap = known.get(frame);
      if (bitmap) shown = frame;
      wanted = [];
      for (let n = 0; n <= ahead; n++) wanted.push(frame + n);
      for (let n = 1; n <= BEHIND; n++) wanted.push(frame - n);
      work();
      return bitmap === undefined ? known.get(shown) : bitmap;
    },
    close() {
      closed = true;
      for (const bitmap of known.values()) bitmap?.close();
      known.clear();
    },
  };
};
