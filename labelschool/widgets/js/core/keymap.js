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
  !isCommand(event) &&
  ["BUTTON", "SUMMARY", "INPUT", "A"].includes(event.target?.tagName);

/**
 * Takes the keys of an annotator: { group: [[keys, help, run, { repeat, shown, icon }]] }. `keys`
 * are chords with spaces between; held keys repeat only where `repeat` is true. On the key card
 * `shown` stands for the keys; a row without help stays off it, a row without `run` is for reading
 * only. With `typing`, chords with Ctrl, Cmd or Alt work in text fields too. Returns a function that
 * finds what a key press does: a function, or nothing where the key is not ours.
 */
export const keyFinder = (groups, { typing = false } = {}) => {
  const bindings = new Map();
  for (const [keys, , run, { repeat } = {}] of Object.values(groups).flat()) {
    for (const key of String(keys).split(" ")) {
      if (run) bindings.set(key === "Space" ? " " : key, { run, repeat });
    }
  }
  return (event) => {
    const chord = typing && (isCommand(event) || event.altKey);
    if ((isTyping(event) && !chord) || activates(event)) return null;
    const found = bindings.get(chords(event).find((key) => bindings.has(key)));
    return found && (() => (!event.repeat || found.repeat) && found.run(event));
  };
};

/**
 * Tab and commands that are not ours go on to the page; every other key stays inside, and so does
 * undo in a text field, which JupyterLab would take for its own.
 */
export const mayLeave = (event, handled) => {
  if (handled || (isTyping(event) && /^[zy]$/i.test(event.key))) return false;
  return event.key === "Tab" || isCommand(event);
};

/** Keeps keys away from Jupyter's own shortcuts; `find(event)` is what a bound one does. */
export const guardKeys = (root, find, signal) => {
  // Notebook 7 takes its shortcuts before they come here, except on elements with this attribute.
  const shield = (event) => {
    if (!root.contains(event.target)) return;
    event.target.toggleAttribute("data-lm-suppress-shortcuts", !mayLeave(event, find(event)));
  };
  window.addEventListener("keydown", shield, { signal, capture: true });
  root.addEventListener(
    "keydown",
    (event) => {
      const run = find(event);
      if (run) {
        run();
        event.preventDefault();
      }
      if (!mayLeave(event, run)) event.stopPropagation();
    },
    { signal },
  );
};
