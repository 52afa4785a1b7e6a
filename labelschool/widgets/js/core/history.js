// Undo and redo of entries { before, after, ... }; the caller applies them.

export const DEPTH = 200;

export class History {
  #done = [];
  #undone = [];

  constructor(depth = DEPTH) {
    this.depth = depth;
  }

  /**
   * Adds an entry. With the same non-null `merge` as the last entry both become one step: a held
   * arrow key is undone at once.
   */
  push(entry, merge = null) {
    const last = this.#done.at(-1);
    if (merge !== null && last && last.merge === merge && !this.#undone.length) {
      last.after = entry.after;
      return;
    }
    this.#done.push({ ...entry, merge });
    if (this.#done.length > this.depth) this.#done.shift();
    this.#undone = [];
  }

  /** The entry to take back, or null. */
  undo() {
    const entry = this.#done.pop() ?? null;
    if (entry) this.#undone.push(entry);
    return entry;
  }

  /** The entry to apply again, or null. */
  redo() {
    const entry = this.#undone.pop() ?? null;
    if (entry) this.#done.push({ ...entry, merge: null });
    return entry;
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }
}
