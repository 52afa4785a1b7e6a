// Unsaved work kept in the browser, keyed by answer file and base revision, until the kernel has
// acknowledged it. A page in a foreign frame may not have localStorage: then the page's own memory
// serves, which still survives running the cell again.

const PREFIX = "labelschool-draft";

const memory = () => {
  globalThis.__labelschoolDrafts ??= new Map();
  return globalThis.__labelschoolDrafts;
};

/** What `use(storage)` gives, undefined where there is no storage. */
const local = (use) => {
  try {
    return use(globalThis.localStorage);
  } catch {
    return undefined;
  }
};

export class DraftStore {
  #start;
  #client;
  #key = null;

  constructor(file, client) {
    this.#start = `${PREFIX}:${file}:`;
    this.#client = client;
  }

  /** True when drafts outlive the page. */
  get durable() {
    const probe = `${PREFIX}:probe`;
    return Boolean(
      local((storage) => {
        storage.setItem(probe, "1");
        storage.removeItem(probe);
        return true;
      }),
    );
  }

  /** Replaces this tab's draft. `draft` is { base, at, edits, sent }. */
  write(draft) {
    const key = `${this.#start}${draft.base}:${this.#client}`;
    if (this.#key && this.#key !== key) this.remove(this.#key);
    this.#key = key;
    const text = JSON.stringify(draft);
    memory().set(key, text);
    local((storage) => storage.setItem(key, text));
  }

  /** Forgets this tab's draft: everything is saved. */
  clear() {
    if (this.#key) this.remove(this.#key);
    this.#key = null;
  }

  remove(key) {
    memory().delete(key);
    local((storage) => storage.removeItem(key));
  }

  /** Drafts that other tabs and earlier runs of the cell left for this file, newest first. */
  list() {
    const found = new Map([...memory(), ...(local(Object.entries) ?? [])]);
    const drafts = [];
    for (const [key, text] of found) {
      if (!key.startsWith(this.#start) || key === this.#key) continue;
      try {
        drafts.push({ ...JSON.parse(text), key });
      } catch {
        this.remove(key);
      }
    }
    return drafts.sort((a, b) => b.at - a.at);
  }
}
