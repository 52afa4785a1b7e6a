// The texts of an item: one text, or the named texts of a card.

import { capital, spaced } from "../core/words.js";
import { el } from "./dom.js";

/** A name from the data as a heading: "not_in_source" is "Not in source". */
export const titled = (name) => capital(spaced(name));

/**
 * The texts of an item as [{ name, title, text, code }], those named in `spec.fields` first and in
 * that order; `spec.code` names those that are program code. A text without a card has the name null.
 */
export const textsOf = (item, { fields = [], code = [] }) => {
  if (item.text !== undefined) return [{ name: null, title: "", text: item.text, code: false }];
  const names = [...new Set([...fields, ...Object.keys(item.fields)])];
  return names
    .filter((name) => name in item.fields)
    .map((name) => ({
      name,
      title: titled(name),
      text: item.fields[name],
      code: code.includes(name),
    }));
};

/** The frame of one text: { node, body }; what stands in `body` is the caller's. */
export const textSection = ({ title, text, code, className = "" }) => {
  const body = el("div.body");
  const node = el(
    "section.section",
    { "aria-label": title || null },
    title ? el("h4.section-title", title) : null,
    body,
    text === "" ? el("p.hint", "(empty)") : null,
  );
  if (className) node.classList.add(className);
  node.classList.toggle("ls-program", code);
  return { node, body };
};

/** Above this many texts a card is a table of names and texts. */
export const MANY = 6;

/** A text for reading only. */
export const readOnly = (text) => {
  const { node, body } = textSection(text);
  body.textContent = text.text;
  return node;
};
