// Unsaved work kept in the browser, keyed by answer file and base revision, until the kernel has
// acknowledged it. A page in a foreign frame may not have localStorage: then the page's own memory
// serves, which still survives running the cell again.

const PREFIX = "labelschool-draft";

const memory = () => {
  globalThis.__labelschoolDrafts ??= new Map();
  return globalThis.__labelschoolDrafts;
};

const local = (use) => {
  try {
    return use(globalThis.localStorage) ?? null;
  } catch {
    return null;
  }
};

export class DraftStore {
  constructor(file, client) {
    this.file = file;
    this.client = client;
  }

  /** True when drafts outlive the page. */
  get durable() {
    const probe = `${PREFIX}:probe`;
    return (
      local((storage) => {
        storage.setItem(probe, "1");
        storage.removeItem(probe);
        return true;
      }) ?? false
    );
  }

  /** Replaces this tab's draft. `draft` is { base, at, edits, sent }. */
  write(draft) {
    const key = `${PREFIX}:${this.file}:${draft.base}:${this.client}`;
    if (this.key && this.key !== key) this.remove(this.key);
    this.key = key;
    const text = JSON.stringify(draft);
    memory().set(key, text);
    local((storage) => storage.setItem(key, text));
  }

  /** Forgets this tab's draft: everything is saved. */
  clear() {
    if (this.key) this.remove(this.key);
    this.key = null;
  }

  remove(key) {
    memory().delete(key);
    local((storage) => storage.removeItem(key));
  }

  /** Drafts that other tabs and earlier runs of the cell left for this file, newest first. */
  list() {
    const start = `${PREFIX}:${this.file}:`;
    const found = new Map(memory());
    local((storage) => {
      for (let i = 0; i < storage.length; i++) {
        const key = storage.key(i);
        if (key.startsWith(start)) found.set(key, storage.getItem(key));
      }
    });
    const drafts = [];
    for (const [key, text] of found) {
      if (!key.startsWith(start) || key === this.key) continue;
      try {
        drafts.push({ ...JSON.parse(text), key });
      } catch {
        this.remove(key);
      }
    }
    return drafts.sort((a, b) => b.at - a.at);
  }
}
