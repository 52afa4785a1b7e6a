// Texts to mark words in. The browser moves the caret and selects: a text is an editable element
// that refuses every edit. What it selects becomes places of the answers here, code points of one
// text, and the other way round.

import { isCommand } from "../core/keymap.js";
import { byPlace, pointsIn, Text, withLanes } from "../core/text.js";
import { el, pointerMode } from "./dom.js";
import { drawArcs, painted } from "./spanpaint.js";
import { MANY, textSection } from "./texts.js";

/** Above this many characters lines out of sight are not laid out. */
const LONG = 20_000;

/**
 * `label` describes the texts to a screen reader, `looks` are the styles of the classes. `on`:
 * `press(fresh)` when the pointer goes down, `fresh` where it lets go of what was selected;
 * `select(gesture)` when the selection has changed, `gesture` being the number of the press of a key
 * or of the pointer, so that what one of them does is one step; `mark()` when the pointer has
 * selected words; `pick(ids)` when it clicked on these spans, the innermost first.
 */
export const textReader = ({ label, looks, on }, signal) => {
  const arcs = el("div.arcs", { "aria-hidden": "true" });
  const grips = ["start", "end"].map((edge) => el("div.grip", { "data-edge": edge }));
  const texts = el("div.texts");
  const host = el("div.reader", { role: "application", "aria-label": label }, texts);
  let sections = [];
  /** What is selected: { section, anchor, focus }. */
  let held = {};
  let spans = [];
  let relations = [];
  let chosen = null;
  /** The grip that is being pulled. */
  let pull = null;
  let pressed = false;
  let gesture = 0;
  /** The input with which the selection was made. */
  let mode = "keyboard";

  const named = (field) => sections.find(({ name }) => name === field);
  /** The texts in which words may be marked. */
  const markable = () => sections.filter(({ marks }) => marks);
  const marksOf = (id) => [...texts.querySelectorAll(`[data-id="${CSS.escape(id)}"]`)];
  const focused = () => host.contains(document.activeElement);
  const focus = () => held.section.body.focus({ preventScroll: true });

  // Texts and lines ------------------------------------------------------------------------------

  /** Draws a line anew if its spans are others than before. */
  const paint = (text, line, spans) => {
    const key = JSON.stringify(spans);
    if (line.key === key) return;
    line.key = key;
    line.node.replaceChildren(...painted(text, line, spans, looks));
  };

  /** Draws a text that nothing is marked in. */
  const lay = ({ body, text, lines }) => {
    body.replaceChildren(...lines.map(({ node }) => node));
    for (const line of lines) {
      line.key = null;
      paint(text, line, []);
    }
  };

  const newSection = (shown) => {
    const { name, title, marks } = shown;
    const { node, body } = textSection(shown);
    const text = new Text(shown.text);
    const lines = text.lines.map((range) => ({ ...range, node: el("div.text-line") }));
    const section = { name, marks, node, body, text, lines };
    lay(section);
    node.classList.add(marks ? "ls-markable" : "ls-plain");
    node.classList.toggle("ls-long", shown.text.length > LONG);
    if (marks) {
      body.role = "textbox";
      body.ariaMultiLine = body.ariaReadOnly = body.contentEditable = "true";
      body.ariaLabel = title || "Text";
      body.inputMode = "none";
      body.spellcheck = false;
    }
    return section;
  };

  /** Puts grips and arcs where they belong. */
  const overlay = () => {
    const { left, top } = texts.getBoundingClientRect();
    const box = (id, end) => {
      const rect = [...(marksOf(id).at(end)?.getClientRects() ?? [])].at(end);
      return rect && new DOMRect(rect.x - left, rect.y - top, rect.width, rect.height);
    };
    for (const [at, grip] of grips.entries()) {
      const found = box(chosen?.id, -at);
      grip.hidden = !found;
      if (!found) continue;
      const x = at ? found.right : found.left;
      grip.style = `left: ${x}px; top: ${found.top}px; height: ${found.height}px`;
    }
    drawArcs(
      arcs,
      relations.map(({ id, source, target, label }) => ({
        from: box(source, 0),
        to: box(target, 0),
        label,
        chosen: [id, source, target].includes(chosen?.id),
      })),
    );
  };

  const draw = () => {
    for (const { name, text, lines } of markable()) {
      const placed = withLanes(spans.filter(({ field }) => field === name));
      for (const line of lines) {
        const touching = placed.filter(({ start, end }) => start < line.end && line.start < end);
        paint(text, line, touching);
      }
    }
    for (const { classList, dataset } of texts.querySelectorAll(".ls-mark")) {
      classList.toggle("ls-chosen", dataset.id === chosen?.id);
    }
    select();
    overlay();
  };

  // Places on the page ---------------------------------------------------------------------------

  /** The section and place of a boundary point of the page; null outside the texts. */
  const placeOf = (node, offset) => {
    const section = markable().find(({ body }) => body.contains(node));
    if (!section) return null;
    const { lines } = section;
    const line = lines.find((one) => one.node.contains(node)) ?? lines[0];
    const range = document.createRange();
    range.setStart(line.node, 0);
    range.setEnd(node, offset);
    return { section, at: line.start + pointsIn(range.toString()) };
  };

  /** The boundary point of the page for a place. */
  const boundary = ({ lines, text }, at) => {
    const line = lines.findLast(({ start }) => start <= at);
    const walker = document.createTreeWalker(line.node, NodeFilter.SHOW_TEXT);
    let rest = text.slice(line.start, at).length;
    let node = walker.nextNode();
    while (rest >= node?.length && walker.nextNode()) {
      rest -= node.length;
      node = walker.currentNode;
    }
    return [node ?? line.node, rest];
  };

  const placeAt = (x, y) => {
    const found = document.caretPositionFromPoint?.(x, y);
    if (found) return placeOf(found.offsetNode, found.offset);
    const range = document.caretRangeFromPoint?.(x, y);
    return range && placeOf(range.startContainer, range.startOffset);
  };

  // Selecting ------------------------------------------------------------------------------------

  /** Has the browser select what is held, while the texts have the focus. */
  const select = () => {
    const { section, anchor, focus: end } = held;
    if (!section.marks || pressed || !focused()) return;
    if (document.activeElement !== section.body) return focus();
    const places = [anchor, end].flatMap((at) => boundary(section, at));
    document.getSelection().setBaseAndExtent(...places);
  };

  const hold = (section, anchor, focus) => {
    held = { section, anchor, focus };
    select();
  };

  /** Takes over what the browser has selected in one text, but not while it is at it. */
  const sync = () => {
    if (pressed || !focused()) return;
    const { anchorNode, anchorOffset, focusNode, focusOffset } = document.getSelection();
    const anchor = placeOf(anchorNode, anchorOffset);
    const focus = placeOf(focusNode, focusOffset);
    if (!anchor || anchor.section !== focus?.section) return;
    const before = held;
    held = { section: anchor.section, anchor: anchor.at, focus: focus.at };
    if (Object.keys(before).some((part) => before[part] !== held[part])) on.select(gesture);
  };

  /** The part of a range that can be marked, or null. */
  const within = ({ field, start, end }) => {
    const { text, marks } = named(field);
    const found = marks ? text.trimmed(start, end) : null;
    return found && { field, ...found };
  };

  /** The selected words without white space at their ends, { field, start, end }; or null. */
  const selected = () => {
    sync();
    const { section, anchor, focus } = held;
    const [start, end] = [anchor, focus].sort((a, b) => a - b);
    return within({ field: section.name, start, end });
  };

  // The pointer ----------------------------------------------------------------------------------

  const down = (event) => {
    const { clientY, pointerId, shiftKey, target } = event;
    const { edge } = target.dataset;
    sync();
    gesture += 1;
    mode = pointerMode(event);
    if (edge) {
      const { top, height } = target.getBoundingClientRect();
      pull = { edge, dy: top + height / 2 - clientY };
      target.setPointerCapture(pointerId);
      return host.classList.add("ls-pulling");
    }
    pressed = mode !== "touch";
    const fresh = pressed && !shiftKey;
    if (fresh) {
      // Else selected words would be dragged.
      document.getSelection().removeAllRanges();
      held.anchor = held.focus;
    }
    on.press(fresh);
  };

  const drag = ({ clientX, clientY }) => {
    if (!pull) return;
    const { field, start, end } = chosen;
    const { section, at } = placeAt(clientX, clientY + pull.dy) ?? {};
    const [fixed, far] = pull.edge === "end" ? [start, at - start] : [end, end - at];
    if (section !== named(field) || far <= 0) return;
    hold(section, fixed, at);
    on.select(gesture);
  };

  const release = () => {
    pull = null;
    host.classList.remove("ls-pulling");
    // By then a click has dropped the selection, and a double click has made one.
    if (pressed) setTimeout(() => selected() && on.mark());
    pressed = false;
  };

  /** Picks the spans around a node of the page. */
  const pick = (node = document.getSelection().focusNode) => {
    const marks = [...texts.querySelectorAll(".ls-mark")].filter((mark) => mark.contains(node));
    on.pick(marks.map(({ dataset }) => dataset.id).reverse());
  };

  const listen = (node, events, run) => {
    for (const event of events.split(" ")) node.addEventListener(event, run, { signal });
  };
  listen(host, "beforeinput dragstart", (event) => event.preventDefault());
  // An input method writes all the same.
  listen(host, "input", () => {
    markable().forEach(lay);
    draw();
  });
  listen(host, "focus", focus);
  listen(host, "focusin", ({ target }) => {
    const section = markable().find(({ body }) => body === target);
    if (section && section !== held.section) {
      held = { section, anchor: 0, focus: 0 };
      on.select(gesture);
    }
    select();
  });
  listen(host, "keydown", (event) => {
    const { key, repeat } = event;
    sync();
    // All of the text is nobody's end.
    if (key === "a" && isCommand(event)) on.press(true);
    if (!repeat) gesture += 1;
    if (/^(Arrow|Home|End)/.test(key)) mode = "keyboard";
  });
  listen(host, "pointerdown", down);
  listen(host, "pointermove", drag);
  listen(texts, "click", ({ target }) => selected() || pick(target));
  listen(document, "selectionchange", sync);
  listen(document, "pointerup pointercancel", release);
  new ResizeObserver(overlay).observe(texts);

  return {
    host,
    within,
    pick,
    /** Shows texts (see ui/texts.js); in those with `marks` words may be marked. */
    show(shown) {
      const back = focused();
      sections = shown.map(newSection);
      texts.replaceChildren(...sections.map(({ node }) => node), arcs, ...grips);
      texts.classList.toggle("ls-table", shown.length > MANY);
      const [first] = markable();
      held = { section: first ?? sections[0], anchor: 0, focus: 0 };
      host.tabIndex = first ? -1 : 0;
      host.scrollTop = 0;
      if (back) focus();
    },
    /** Shows spans and relations, and what is chosen of them; draws what is new. */
    mark(...shown) {
      [spans, relations, chosen] = shown;
      draw();
    },
    /** Scrolls a span into sight. */
    reveal: (id) => marksOf(id)[0]?.scrollIntoView({ block: "nearest" }),
    /** Spans in the order of the texts. */
    sorted: (some) =>
      sections.flatMap(({ name }) => some.filter(({ field }) => field === name).sort(byPlace)),
    words: ({ field, start, end }) => named(field).text.slice(start, end),
    /** Selects words; the caret stands at their end. */
    select: ({ field, start, end }) => hold(named(field), start, end),
    /** Lets go of the selection; the caret stays. */
    collapse: () => hold(held.section, held.focus, held.focus),
    /** Exchanges the end of the selection that moves with the one that stays. */
    turn: () => hold(held.section, held.focus, held.anchor),
    get mode() {
      return mode;
    },
    get range() {
      return selected();
    },
    /** The word at the caret or next after it, as a range; or null. */
    get word() {
      const { section, focus } = held;
      return within({ field: section.name, ...section.text.wordFrom(focus) });
    },
    /** Whether words may be marked in more than one of the texts. */
    get several() {
      return markable().length > 1;
    },
  };
};
