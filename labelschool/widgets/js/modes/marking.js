// Marking words: what an editor needs whose answers hold spans, wherever it keeps them. The reader
// (ui/reader.js) shows the texts and says what is selected; here spans are made, chosen, named,
// stretched, related and listed. While a span is chosen its words are selected, and it follows the
// selection.

import { newId } from "../core/answers.js";
import { layered, listed } from "../core/text.js";
import { clickMode, el, keyButton, press } from "../ui/dom.js";
import { labelBar } from "../ui/labelbar.js";
import { numberFields } from "../ui/numbers.js";
import { styles } from "../ui/palette.js";
import { textReader } from "../ui/reader.js";
import { shapeList } from "../ui/shapelist.js";

const SHOWN = 40;
const NO_WORDS = "Select words first";

const shortened = (words) => {
  const line = words.slice(0, 4 * SHOWN).replace(/\s+/g, " ");
  return line.length > SHOWN ? `${line.slice(0, SHOWN - 1)}…` : line;
};

const isSpan = (one) => one?.type === "span";
const isRelation = (one) => one?.type === "relation";
const sameWords = (a, b) => ["field", "start", "end"].every((key) => a[key] === b?.[key]);

/**
 * `read()` gives the spans of the item in sight, and the relations where there are `kinds` of them;
 * `write(records, options)` stores them as one step. `noun` is what a span is called, `label`
 * describes the texts to a screen reader, `hint` stands in an empty list, `how` says what to do with
 * words once they are selected; with `atHand` a class is given to words at once; with `severity`
 * each span is minor or major. Returns the texts (`reader`), the class `bar`, the `list`, the `keys`
 * by group, and what the keys do.
 */
export const spanMarking = ({
  session,
  signal,
  classes,
  kinds = [],
  atHand,
  severity,
  noun,
  plural,
  label,
  hint,
  how,
  read,
  write,
}) => {
  let selected = null;
  /** What was selected when the pointer went down. */
  let last = null;
  /** The span from which a relation is being made. */
  let from = null;
  /** The class of the words to be selected next. */
  let next = atHand;

  const say = (text) => session.say(text);
  const named = (id) => read().find((one) => one.id === id);
  const chosen = () => named(selected);
  const spans = () => reader.sorted(read().filter(isSpan));
  const relations = () => read().filter(isRelation);
  /** What the number keys name. */
  const names = () => (from || isRelation(chosen()) ? kinds : classes);

  const called = (range) => `“${shortened(reader.words(range))}”`;
  const described = (one) => {
    const { label, severity, start, end, layer, source, target } = one;
    if (source) return `${called(named(source))} ${label} ${called(named(target))}`;
    return listed(called(one), label, severity, layer === 2 && "nested", `${start} to ${end}`);
  };

  // Making and changing --------------------------------------------------------------------------

  /** Stores records, without relations that have lost an end. */
  const store = (records, options) => {
    const held = layered(records.filter(isSpan));
    const ids = held.map(({ id }) => id);
    const whole = (one) => isRelation(one) && ids.includes(one.source) && ids.includes(one.target);
    write([...held, ...records.filter(whole)], options);
  };

  const put = (fields, mode) => {
    if (!session.loaded) return;
    const made = { ...fields, id: newId(), ms: session.lap(), mode };
    selected = made.id;
    from = null;
    store([...read(), made], { mode });
    say(`Marked ${described(made)}`);
  };

  /** Marks the selected words, or these. */
  const add = (label, mode, range = reader.range) => {
    if (!range) return say(NO_WORDS);
    const same = spans().find((one) => one.label === label && sameWords(one, range));
    if (same) return select(same.id);
    const made = mode === "keyboard" ? reader.mode : mode;
    put({ type: "span", label, layer: 1, severity: null, ...range }, made);
  };

  /** Changes fields of one span or relation. */
  const change = (id, change, mode = "keyboard", more = {}) => {
    const changed = (one) => ({ ...one, ...change, ms: one.ms + session.lap() });
    store(
      read().map((one) => (one.id === id ? changed(one) : one)),
      { mode, ...more },
    );
    say(described(named(id)));
  };

  const remove = (id = selected, mode = "keyboard") => {
    const one = named(id);
    if (!one) return say("Nothing chosen");
    const said = described(one);
    selected = null;
    store(
      read().filter((other) => other !== one),
      { mode },
    );
    say(`Deleted ${said}`);
  };

  /** A class was named: for what is chosen, else for the words selected, else for what comes. */
  const choose = (label, mode) => {
    const { range } = reader;
    const one = chosen();
    if (from) {
      if (!isSpan(one) || selected === from) return say(`Choose the other ${noun}`);
      put({ type: "relation", label, source: from, target: selected }, mode);
    } else if (one) {
      change(selected, { label }, mode);
    } else if (range) {
      add(label, mode);
    } else {
      next = next === label && !atHand ? null : label;
      say(next ? `Select words: they become ${label}` : NO_WORDS);
      refresh();
    }
  };

  /** Minor, major, minor and so on. */
  const toggleSeverity = (event) => {
    const one = chosen();
    if (!isSpan(one)) return say(`Choose a ${noun} first`);
    change(selected, { severity: one.severity === "minor" ? "major" : "minor" }, clickMode(event));
  };

  /** Starts a relation at the chosen span, or gives it up. */
  const relate = () => {
    from = !from && isSpan(chosen()) ? selected : null;
    refresh();
    say(from ? `Choose the other ${noun}, then the relation` : `Choose a ${noun} first`);
  };

  // Choosing -------------------------------------------------------------------------------------

  const select = (id) => {
    selected = id;
    refresh();
    const one = chosen();
    if (!one) return;
    reader.reveal(id);
    say(described(one));
  };

  /** Chooses the first of these, or the one after `before`. */
  const pick = (ids, before) => select(ids[(ids.indexOf(before) + 1) % ids.length] ?? null);

  const cycle = (step) => {
    const ids = [...spans(), ...relations()].map(({ id }) => id);
    pick(step > 0 ? ids : ids.reverse(), selected);
  };

  const letGo = () => {
    selected = null;
    reader.collapse();
    refresh();
  };

  /** Lets go of a relation, of the selection, of the class, of the keys. */
  const leave = () => {
    if (from) relate();
    else if (selected || reader.range) letGo();
    else if (next && !atHand) choose(next);
    else document.activeElement.blur();
  };

  /** The selection has changed: a chosen span of which one end stays goes along. */
  const follow = (gesture) => {
    const { range, mode } = reader;
    const one = chosen();
    const stay = ["start", "end"].filter((end) => isSpan(one) && one[end] === range?.[end]);
    if (stay.length === 1 && one.field === range.field) {
      return change(selected, range, mode, { merge: `${selected} ${gesture}`, pause: 200 });
    }
    if (one && !stay.length) select(null);
    if (range) say(`${called(range)}: ${how}`);
  };

  // Showing --------------------------------------------------------------------------------------

  const looks = styles(classes);
  const reader = textReader(
    {
      label,
      looks,
      on: {
        press: (fresh) => {
          last = selected;
          if (fresh && selected) letGo();
        },
        select: follow,
        mark: () => next && !chosen() && add(next, reader.mode),
        pick: (ids) => pick(ids, selected ?? last),
      },
    },
    signal,
  );
  const { host } = reader;
  // Where there is one class its name says nothing.
  host.classList.toggle("ls-bare", classes.length === 1);

  const own = labelBar(classes, looks, { onChoose: choose });
  const related = labelBar(kinds, null, { onChoose: choose });
  const worse = keyButton({ key: "S", text: "Severity", onClick: toggleSeverity });
  if (severity) own.node.append(worse);
  if (kinds.length) own.node.append(keyButton({ key: "R", text: "Relate", onClick: relate }));
  const bar = el("div", own.node, related.node);

  const ends = (id) =>
    numberFields(
      [
        ["start", "Start"],
        ["end", "End"],
      ],
      {
        unit: "in characters",
        read: ({ start, end }) => [start, end],
        write: ([start, end]) => {
          const range = reader.within({ ...named(id), start, end });
          if (range) change(id, range, "list");
          else say("A span ends after its start");
        },
      },
    );
  const list = shapeList({
    noun,
    plural,
    emptyHint: hint,
    classes,
    attributes: [],
    styles: looks,
    named: (one) => (isSpan(one) ? shortened(reader.words(one)) : described(named(one.id))),
    size: ({ field, label, severity }) => listed(reader.several && field, label, severity),
    detail: (id) => (isSpan(named(id)) ? ends(id) : { node: "", fill() {} }),
    select,
    insert: (mode) => add(next ?? classes[0], mode, reader.range ?? reader.word),
    change,
    remove,
  });
  // A press on a button must not drop the selection it is about.
  for (const node of [bar, list.node]) {
    node.addEventListener("mousedown", (event) => {
      if (event.target.closest("button")) event.preventDefault();
    });
  }

  /** Shows what the answer holds. */
  const refresh = () => {
    const { range } = reader;
    const one = chosen();
    if (!one) selected = null;
    if (isSpan(one) && !sameWords(one, range)) reader.select(one);
    const shown = [spans(), relations()];
    reader.mark(...shown, one);
    // A relation has another class than the list offers.
    const rows = shown[1].map((relation) => ({ ...relation, label: undefined }));
    list.show([...shown[0], ...rows], selected);
    const relating = names() === kinds;
    own.node.hidden = relating;
    related.node.hidden = !relating;
    const pressed = [one?.label ?? next];
    own.show(pressed, one ? `This ${noun}` : next ? `Next ${noun}` : "Class");
    related.show(pressed, "Relation");
    worse.lastChild.textContent = one?.severity ?? "Severity";
    press(worse, one?.severity);
    session.emit("showing");
  };

  /** Shows the texts of another item. */
  const show = (texts) => {
    selected = null;
    from = null;
    reader.show(texts);
    refresh();
  };

  const toggleTags = () => {
    host.classList.toggle("ls-bare");
    refresh();
  };

  const held = { repeat: true };
  const keys = {
    Caret: [
      ["Arrow Home End", "Move the caret; with Ctrl by words"],
      ["Shift+Arrow", `Select words; of a chosen ${noun}, move its end`],
      ["X", "The other end moves", reader.turn],
    ],
    Spans: [
      ["V", `Choose the ${noun} at the caret`, () => reader.pick()],
      ["N", `Next ${noun}`, () => cycle(1), held],
      ["Shift+N", `The ${noun} before`, () => cycle(-1), held],
      ...(severity ? [["S", "Minor or major", toggleSeverity]] : []),
      ...(kinds.length ? [["R", `Relate it to another ${noun}`, relate]] : []),
      ["Delete Backspace", "Delete", () => remove(), { shown: "Delete" }],
    ],
    View: [
      [
        "H",
        "Labels",
        toggleTags,
        { icon: "labels", isOn: () => !host.classList.contains("ls-bare") },
      ],
    ],
  };

  return {
    reader,
    bar,
    list,
    keys,
    add,
    change,
    choose,
    escape: leave,
    refresh,
    relate,
    remove,
    select,
    show,
    get chosen() {
      return chosen();
    },
    get names() {
      return names();
    },
    get spans() {
      return spans();
    },
  };
};
