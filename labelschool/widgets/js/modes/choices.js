// The classes chosen for an item, for one question or for several: one Choice each, beside whatever
// else its answer holds.

const NOTHING = { labels: [], unsure: false, ms: 0, mode: "mouse" };

/** A question is { name, classes, choosing }; one without a name is the only one. */
export class Choices {
  constructor(session) {
    this.session = session;
  }

  /** The Choice of a question, empty where nothing is chosen. */
  of({ name }) {
    const { annotations } = this.session.answer;
    const held = annotations.find(({ type, question }) => type === "choice" && question === name);
    return held ?? { type: "choice", id: name ?? "choice", question: name, ...NOTHING };
  }

  /** Names a class: the one, or one more or less of several. */
  choose(question, name, mode, more) {
    const { classes, choosing } = question;
    const { labels } = this.of(question);
    const flipped = (other) => labels.includes(other) !== (other === name);
    const next = choosing === "multi" ? classes.filter(flipped) : [name];
    this.save(question, { labels: next }, mode, more);
  }

  /** Turns "unsure" over, and returns what it is now. */
  toggleUnsure(question, mode) {
    const unsure = !this.of(question).unsure;
    this.save(question, { unsure }, mode);
    return unsure;
  }

  save(question, change, mode, more) {
    const { session } = this;
    const { annotations } = session.answer;
    const choice = this.of(question);
    const next = { ...choice, ...change, ms: choice.ms + session.lap(), mode };
    const after = annotations.includes(choice)
      ? annotations.map((other) => (other === choice ? next : other))
      : [...annotations, next];
    session.commit({ annotations: after, ...more }, { mode });
  }
}
