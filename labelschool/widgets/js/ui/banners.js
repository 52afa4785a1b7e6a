// What the learner must know about saving: the indicator in the header and the banners above.

import { counted } from "../core/words.js";
import { button, el } from "./dom.js";

const WORDS = { saved: "Saved", saving: "Saving…", unsaved: "NOT SAVED", conflict: "NOT SAVED" };

const time = (at) => new Date(at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

const error = (text, ...actions) => ({ tone: "error", text, actions });
const note = (text, ...actions) => ({ tone: "note", text, actions });

/** The banner that stands now: { text, tone, actions } or null. The most urgent comes first. */
const bannerOf = (session) => {
  const { saver, drafts, silent, notice } = session;
  const [draft] = session.draftsFound;
  if (saver.status === "conflict") {
    const gone = session.isOlder(saver.current, saver.base);
    const [what, load] = gone
      ? ["the answer file was removed or put back to an older state", "what the file holds"]
      : ["another tab saved newer work on this exercise", "the newer work"];
    return error(
      `NOT SAVED: ${what}.`,
      [`Load ${load}`, () => session.loadNewer()],
      ["Keep this tab’s work", () => session.keepMine()],
    );
  }
  if (saver.status === "unsaved") {
    const kept = drafts.durable ? "in this browser" : "as long as this page stays open";
    const why = saver.reason ?? "the kernel does not answer. Run this cell again.";
    const retry = [["Try again", () => saver.retry()]];
    return error(`NOT SAVED: ${why} Your work is kept ${kept}.`, ...(saver.reason ? retry : []));
  }
  if (silent) return error("The kernel does not answer. Run this cell again to load the exercise.");
  if (draft) {
    const names = Object.keys(draft.edits);
    const [which, then, restore] =
      draft.worth === "fresh"
        ? ["work", " that was not saved.", "Restore unsaved work"]
        : [
            "OLDER unsaved work",
            "; newer work was saved since. " +
              `Restoring it replaces what is saved for ${session.called(names)}.`,
            "Replace newer work with the older",
          ];
    return note(
      `This browser holds ${which} from ${time(draft.at)}${then}`,
      [`${restore} (${counted(names.length, "change")})`, () => session.restore(draft)],
      ["Discard it", () => session.dropDraft(draft)],
    );
  }
  return notice && note(notice, ["OK", () => session.hideNotice()]);
};

export const banners = (session) => {
  const node = el("div.banner-place");
  let shown = "";
  const draw = () => {
    const banner = bannerOf(session);
    const words = JSON.stringify(banner);
    if (words === shown) return;
    shown = words;
    node.replaceChildren();
    if (!banner) return;
    const actions = banner.actions.map(([text, onClick]) =>
      button({ text, title: text, className: "ls-strong", onClick }),
    );
    node.append(
      el(
        `div.banner.${banner.tone}`,
        { role: "alert" },
        el("span", banner.text),
        el("span.actions", ...actions),
      ),
    );
  };
  session.on("save", draw);
  return node;
};

export const saveIndicator = (session) => {
  const node = el("span.saved", { "data-state": "saved" }, "Saved");
  session.on("save", () => {
    const { status } = session.saver;
    node.dataset.state = status;
    node.textContent = WORDS[status];
  });
  return node;
};
