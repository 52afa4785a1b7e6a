// Keys as chords ("B", "Shift+N", "Alt+ArrowLeft", "Ctrl+Z"), and what may reach JupyterLab.

const isLetter = (key) => /^\p{L}$/u.test(key);

/** AltGr types characters such as [ on many keyboards; Windows reports it as Ctrl+Alt. */
const isAltGraph = (event) => event.getModifierState?.("AltGraph") ?? false;

/** True for Ctrl and Cmd chords, which belong to the browser and to JupyterLab. */
export const isCommand = (event) => (event.ctrlKey || event.metaKey) && !isAltGraph(event);

/** The chords an event may stand for, best first: by what it types, then by the key's place. */
export const chords = (event) => {
  const command = isCommand(event);
  const alt = event.altKey && !isAltGraph(event);
  const prefix = (shift) => `${command ? "Ctrl+" : ""}${alt ? "Alt+" : ""}${shift ? "Shift+" : ""}`;
  const key = event.key;
  const named = key.length > 1;
  const letter = isLetter(key);
  // A shifted symbol is its own key ("?"); a shifted letter or named key is a chord ("Shift+N").
  const byKey = prefix(event.shiftKey && (named || letter)) + (letter ? key.toUpperCase() : key);
  const found = [byKey];
  const place = /^(?:Key([A-Z])|(?:Digit|Numpad)(\d))$/.exec(event.code ?? "");
  // Other alphabets, and keyboards whose digits need Shift.
  if (place && !(letter && key.charCodeAt(0) < 128) && !/^\d$/.test(key)) {
    found.push(prefix(event.shiftKey) + (place[1] ?? place[2]));
  }
  return found;
};

/** True where a key belongs to the field that has the focus. */
export const isTyping = ({ target, key }) => {
  const tag = target?.tagName;
  if (tag === "TEXTAREA" || tag === "SELECT") return true;
  if (tag !== "INPUT") return false;
  if (target.type === "range") return /^(Arrow|Page|Home|End)/.test(key);
  return !["checkbox", "radio", "button"].includes(target.type);
};

const activates = (event) =>
  (event.key === "Enter" || event.key === " ") &&
  ["BUTTON", "SUMMARY", "INPUT", "A"].includes(event.target?.tagName);

/**
 * The keys of an annotator: { group: [[keys, help, run, { repeat, shown }]] }. `keys` are chords
 * with spaces between; held keys repeat only where `repeat` is true. On the key card `shown` stands
 * for the keys; a row without help stays off it, a row without `run` is for reading only.
 */
export class Keymap {
  #byChord = new Map();

  constructor(groups) {
    this.groups = groups;
    for (const [keys, , run, { repeat } = {}] of Object.values(groups).flat()) {
      for (const key of String(keys).split(" ")) {
        if (run) this.#byChord.set(key === "Space" ? " " : key, { run, repeat });
      }
    }
  }

  find(event) {
    for (const chord of chords(event)) {
      const binding = this.#byChord.get(chord);
      if (binding) return binding;
    }
    return null;
  }

  /** Runs the binding of a key press. Returns true when the key was ours. */
  handle(event) {
    if (isTyping(event) || activates(event)) return false;
    const binding = this.find(event);
    if (!binding) return false;
    if (!event.repeat || binding.repeat) binding.run(event);
    return true;
  }
}

/** Tab and commands that are not ours go on to the page; every other key stays inside. */
export const mayLeave = (event, handled) => !handled && (event.key === "Tab" || isCommand(event));

/** Keeps the keys of an annotator away from JupyterLab's own shortcuts. */
export const guardKeys = (root, keymap, signal) => {
  root.addEventListener(
    "keydown",
    (event) => {
      const handled = keymap ? keymap.handle(event) : false;
      if (handled) event.preventDefault();
      if (!mayLeave(event, handled)) event.stopPropagation();
    },
    { signal },
  );
};
