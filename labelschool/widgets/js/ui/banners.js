// What the learner must know about saving: the indicator in the header and the banners above.

import { button, el } from "./dom.js";

const WORDS = { saved: "Saved", saving: "Saving…", unsaved: "NOT SAVED", conflict: "NOT SAVED" };

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

const time = (at) => new Date(at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

/** The banner that stands now: { text, tone, actions } or null. The most urgent comes first. */
export const bannerOf = (session) => {
  const { saver, drafts } = session;
  const kept = drafts.durable
    ? "Your work is kept in this browser."
    : "Your work is kept as long as this page stays open.";
  if (saver.status === "conflict") {
    const gone = saver.current < saver.base;
    return {
      tone: "error",
      text: gone
        ? "NOT SAVED: the answer file was removed or put back to an older state."
        : "NOT SAVED: another tab saved newer work on this exercise.",
      actions: [
        [gone ? "Load what the file holds" : "Load the newer work", () => session.loadNewer()],
        ["Keep this tab’s work", () => session.keepMine()],
      ],
    };
  }
  if (saver.status === "unsaved") {
    if (saver.reason) {
      return {
        tone: "error",
        text: `NOT SAVED: ${saver.reason} ${kept}`,
        actions: [["Try again", () => saver.retry()]],
      };
    }
    return {
      tone: "error",
      text: `NOT SAVED: the kernel does not answer. Run this cell again. ${kept}`,
      actions: [],
    };
  }
  if (session.silent) {
    return {
      tone: "error",
      text: "The kernel does not answer. Run this cell again to load the exercise.",
      actions: [],
    };
  }
  const draft = session.draftsFound[0];
  if (draft) return draftBanner(session, draft);
  if (session.notice)
    return { tone: "note", text: session.notice, actions: [["OK", () => session.hideNotice()]] };
  return null;
};

const draftBanner = (session, draft) => {
  const names = Object.keys(draft.edits);
  const changes = plural(names.length, "change");
  const discard = ["Discard it", () => session.dropDraft(draft)];
  if (draft.worth === "fresh") {
    return {
      tone: "note",
      text: `This browser holds work from ${time(draft.at)} that was not saved.`,
      actions: [[`Restore unsaved work (${changes})`, () => session.restore(draft)], discard],
    };
  }
  const numbers = names
    .map((name) => session.items.findIndex((item) => item.name === name) + 1)
    .filter((number) => number > 0);
  return {
    tone: "note",
    text:
      `This browser holds OLDER unsaved work from ${time(draft.at)}; newer work was saved since. ` +
      `Restoring it replaces what is saved for item ${numbers.join(", ")}.`,
    actions: [
      [`Replace newer work with the older (${changes})`, () => session.restore(draft)],
      discard,
    ],
  };
};

export const banners = (session) => {
  const node = el("div", { className: "ls-banner-place" });
  let shown = "";
  const draw = () => {
    const banner = bannerOf(session);
    const text = banner ? JSON.stringify([banner.text, banner.actions.map(([word]) => word)]) : "";
    if (text === shown) return;
    shown = text;
    node.replaceChildren();
    if (!banner) return;
    const actions = banner.actions.map(([word, onClick]) =>
      button({ text: word, title: word, className: "ls-strong", onClick }),
    );
    node.append(
      el(
        "div",
        { className: `ls-banner ls-${banner.tone}`, role: "alert" },
        el("span", { textContent: banner.text }),
        el("span", { className: "ls-actions" }, ...actions),
      ),
    );
  };
  session.on("save", draw);
  return node;
};

export const saveIndicator = (session) => {
  const node = el("span", { className: "ls-saved", "data-state": "saved", textContent: "Saved" });
  session.on("save", () => {
    const { status } = session.saver;
    node.dataset.state = status;
    node.textContent = WORDS[status];
  });
  return node;
};
