"""How questions look: the widgets of `ask`, `quiz` and `test_out`, which decide nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import ipywidgets as widgets

from labelschool import answers, places
from labelschool.demos.frame import Frame, button, escape, note, row, words
from labelschool.demos.numbers import read_number
from labelschool.home import results
from labelschool.home.results import Given
from labelschool.quizzes.questions import (
    Item,
    Pool,
    Question,
    Verdict,
    check,
    draw,
    sort_question,
)
from labelschool.quizzes.tries import Questions, Try, answered, keep

NOT_A_NUMBER = "Write a number, for example 12.5."
NOTHING_CHOSEN = "Choose an answer first."


def paragraphs(text: str) -> str:
    """Text with blank lines between paragraphs, as HTML."""
    return "".join(f"<p>{escape(part)}</p>" for part in text.strip().split("\n\n"))


def meanings(groups: Sequence[tuple[str, str]]) -> str:
    """What the groups of a sorting mean, as a table; nothing where there are none."""
    lines = "".join(
        f"<tr><th>{escape(group)}</th><td>{escape(meaning)}</td></tr>" for group, meaning in groups
    )
    return lines and f"<table>{lines}</table>"


def told(verdict: Verdict) -> str:
    """A verdict as a note that does not rest on colour alone."""
    word = "Right." if verdict.right else "Not quite."
    kind = "right" if verdict.right else "wrong"
    return note(f"<b>{word}</b> {escape(verdict.explain)}", kind)


def trouble(sentence: str) -> str:
    """A sentence about an answer that was not kept, below its verdict; nothing for none."""
    return note(escape(sentence), "wrong") if sentence else ""


def taught_in(item_id: str) -> str:
    """The lesson of an item, by the name it has in the folder."""
    number = item_id.split("/")[0]
    return "first evening" if number == "1.0" else f"lesson {number}"


def titled(item_id: str) -> str:
    """The lesson of an item with its title."""
    name, number = taught_in(item_id), item_id.split("/")[0]
    return f"{name}, {places.find(number).title}" if name.endswith(number) else name


class Field:
    """The part of a question that is filled in: options to choose, or a number; there Enter calls
    `enter`.
    """

    def __init__(self, question: Question, enter: Callable[[], None]) -> None:
        self.question = question
        if question.answer is None:
            self.input = widgets.RadioButtons(
                options=[
                    (option.text.replace("`", ""), n) for n, option in enumerate(question.options)
                ],
                value=None,
                layout=widgets.Layout(width="100%"),
            )
            self.widget: widgets.Widget = self.input
        else:
            self.input = widgets.Text(
                placeholder="a number",
                continuous_update=False,
                layout=widgets.Layout(width="140px"),
            )
            self.input.on_msg(lambda _, said, __: said.get("event") == "submit" and enter())
            self.widget = row(self.input, words(f"&nbsp;{escape(question.unit)}"))

    @property
    def answer(self) -> str:
        """What is filled in, in words that outlive another order of the options."""
        if self.question.answer is None:
            return self.question.options[self.input.value].text
        return self.input.value.strip()

    def fill(self, answer: str) -> bool:
        """Fill in an earlier answer; whether the question still has it."""
        if self.question.answer is None:
            texts = [option.text for option in self.question.options]
            self.input.value = texts.index(answer) if answer in texts else None
        else:
            self.input.value = answer
        return not isinstance(self.check(), str)

    def check(self) -> Verdict | str:
        """The verdict, or a sentence that says what is missing."""
        if self.question.answer is None:
            given = self.input.value
            return NOTHING_CHOSEN if given is None else check(self.question, given)
        number = read_number(self.input.value)
        return NOT_A_NUMBER if number is None else check(self.question, number)


def ask(entry: Item) -> Frame:
    """One question of a lesson."""
    build = (lambda: _sorting(entry)) if entry.rows else (lambda: _single(entry))
    return Frame(f"ask {entry.id}", f"Question {entry.id}", build)


def _single(entry: Item) -> list[widgets.Widget]:
    text, place, said = words(live=True), widgets.VBox(), words(live=True)
    before = answered(entry.id)
    attempt = before.last.attempt if before else 0
    field: Field

    def show() -> None:
        nonlocal field
        field = Field(draw(entry, seed=1, attempt=attempt), judge)
        text.value = paragraphs(field.question.text)
        place.children = [field.widget]
        said.value = ""

    def judge() -> None:
        verdict = field.check()
        if isinstance(verdict, str):
            said.value = note(verdict)
            return
        said.value = told(verdict)
        given = Given(answer=field.answer, right=verdict.right, attempt=attempt)
        said.value += trouble(keep(entry.id, given))

    def draw_again() -> None:
        nonlocal attempt
        attempt += 1
        show()

    show()
    if before and field.fill(before.last.answer):
        said.value = told(field.check())
    buttons = [button("Check", judge, primary=True)]
    if entry.values:
        buttons.append(button("New numbers", draw_again))
    return [text, place, row(*buttons), said]


def _sorting(entry: Item) -> list[widgets.Widget]:
    first: dict[int, bool] = {}
    count = words(live=True)

    def tally() -> None:
        right = sum(first.values())
        count.value = (
            f"<p class='lsd-soft'>{len(first)} of {len(entry.rows)} sorted, "
            f"{right} right at the first choice.</p>"
        )

    def line(number: int) -> widgets.Widget:
        entry_row = entry.rows[number]
        question = sort_question(entry, entry_row)
        groups = list(entry.groups)
        choice = widgets.ToggleButtons(options=groups, value=None, style={"button_width": "auto"})
        said = words(live=True)
        key = f"{entry.id}/{entry_row.text}"

        def judge(change: dict) -> None:
            if change["new"] is None:
                return
            verdict = check(question, groups.index(change["new"]))
            first.setdefault(number, verdict.right)
            said.value = told(verdict)
            tally()
            said.value += trouble(keep(key, Given(answer=change["new"], right=verdict.right)))

        before = answered(key)
        if before and before.last.answer in groups:
            first[number] = before.first.right
            choice.value = before.last.answer
            said.value = told(check(question, choice.index))
        choice.observe(judge, names="value")
        return widgets.VBox(
            [words(f"<b>{number + 1}.</b> {escape(entry_row.text)}"), choice, said],
            layout=widgets.Layout(margin="2px 0 4px"),
        )

    lines = [line(number) for number in range(len(entry.rows))]
    tally()
    said = paragraphs(entry.text) + meanings(tuple(entry.groups.items()))
    return [words(said), *lines, count]


def rounds(asked: Questions, coming: Try) -> Frame:
    """A quiz or a test-out, one question at a time, and again."""
    return Frame(
        asked.name.lower(),
        f"{asked.name}, {asked.pool.title}",
        lambda: Rounds(asked, coming).widgets,
    )


class Rounds:
    """Goes through the questions of one try; the result is kept at its end."""

    def __init__(self, asked: Questions, coming: Try) -> None:
        self.asked, self.coming = asked, coming
        self.text, self.said = words(live=True), words(live=True)
        self.place = widgets.VBox()
        self.button = button("Check", lambda: self.act(), primary=True)
        self.widgets = [self.text, self.place, self.said, row(self.button)]
        self.act: Callable[[], None] = self.judge
        self.start()

    def start(self) -> None:
        """Draw the questions of this try and show the first, below what was missed last time."""
        self.questions = self.asked.draw(self.coming)
        self.verdicts: list[Verdict] = []
        self.show()
        self.text.value = last_time(self.asked.pool, self.coming.missed) + self.text.value

    def show(self) -> None:
        """The question that is next."""
        question = self.questions[len(self.verdicts)]
        self.field = Field(question, self.judge)
        self.text.value = (
            f"<p class='lsd-soft'>{self.asked.name}, question {len(self.verdicts) + 1} of "
            f"{len(self.questions)}: {escape(question.topic)}</p>{paragraphs(question.text)}"
            f"{meanings(question.groups)}"
        )
        self.place.children = [self.field.widget]
        self.said.value = ""
        self.then("Check", self.judge)

    def judge(self) -> None:
        """Check once; the answer then stands."""
        if self.field.input.disabled:
            return
        verdict = self.field.check()
        if isinstance(verdict, str):
            self.said.value = note(verdict)
            return
        self.verdicts.append(verdict)
        self.field.input.disabled = True
        question = self.field.question
        shown = verdict.right or question.explains_name_it
        solution = "" if shown else f" Right is: {question.solution}"
        if solution and solution[-1] not in ".?":
            solution += "."
        self.said.value = told(Verdict(verdict.right, verdict.explain + solution))
        last = len(self.verdicts) == len(self.questions)
        self.then(*(("Result", self.finish) if last else ("Next", self.show)))

    def finish(self) -> None:
        """Show the result and keep it."""
        judged = self.asked.judge(self.coming, self.questions, self.verdicts)
        found = judged.found
        kept = " The result is kept in results.json." if results.home() else ""
        try:
            for key, each in judged.kept.items():
                results.record(key, each)
        except OSError as error:
            kept = f" {answers.not_saved_sentence(results.home() / results.FILE, error)}"
        taken = zip(self.questions, self.verdicts, strict=True)
        missed_first = sorted(taken, key=lambda pair: (pair[1].right, pair[0].item_id))
        lines = "".join(
            f"<tr><td>{'right' if verdict.right else '<b>missed</b>'}</td>"
            f"<td>{escape(question.topic)}</td>"
            f"<td>{escape(titled(question.item_id))}</td></tr>"
            for question, verdict in missed_first
        )
        self.text.value = note(
            f"<b>{judged.head}</b> {judged.text}{kept}", "right" if found.passed else "wrong"
        )
        self.place.children = [words(f"<table>{lines}</table>")]
        self.said.value = ""
        self.coming = self.coming.then(found)
        self.then("Try again with new questions", self.start)

    def then(self, text: str, act: Callable[[], None]) -> None:
        """What the button does next; it stays the same button, so that it keeps the focus."""
        self.button.description, self.act = text, act


def last_time(pool: Pool, missed: Collection[str]) -> str:
    """What was missed in the last try, by topic and lesson; nothing where nothing was."""
    lines = [
        f"{escape(item.topic)} ({taught_in(item.id)})" for item in pool.items if item.id in missed
    ]
    if not lines:
        return ""
    return note(f"<b>Last time you missed</b> {'; '.join(dict.fromkeys(lines))}.")
