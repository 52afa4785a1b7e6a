"""How questions look: the widgets of `ask` and `quiz`. What is right is decided in `quiz`."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from labelschool import answers, course, results
from labelschool.demos.frame import Frame, button, escape, note, row, words
from labelschool.demos.numbers import percent, read_number
from labelschool.quizzes import (
    Item,
    Pool,
    Question,
    Verdict,
    check,
    draw,
    draw_quiz,
    evidence,
    sort_question,
)

NOT_A_NUMBER = "Write a number, for example 12.5."
NOTHING_CHOSEN = "Choose an answer first."


def paragraphs(text: str) -> str:
    """Text with blank lines between paragraphs, as HTML."""
    return "".join(f"<p>{escape(part)}</p>" for part in text.strip().split("\n\n"))


def told(verdict: Verdict) -> str:
    """A verdict as a note that does not rest on colour alone."""
    word = "Right." if verdict.right else "Not quite."
    kind = "right" if verdict.right else "wrong"
    return note(f"<b>{word}</b> {escape(verdict.explain)}", kind)


def taught_in(question: Question) -> str:
    """The lesson of a question, by the name it has in the folder."""
    number = question.item_id.split("/")[0]
    return "first evening" if number == "1.0" else f"lesson {number}"


class Field:
    """The part of a question that is filled in: options to choose, or a number."""

    def __init__(self, question: Question) -> None:
        self.question = question
        if question.answer is None:
            self.input = widgets.RadioButtons(
                options=[(option.text, n) for n, option in enumerate(question.options)],
                value=None,
                layout=widgets.Layout(width="100%"),
            )
            self.widget: widgets.Widget = self.input
        else:
            self.input = widgets.Text(placeholder="a number", layout=widgets.Layout(width="140px"))
            self.widget = row(self.input, words(f"&nbsp;{escape(question.unit)}"))

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
    state: dict[str, Field] = {}
    attempt = iter(range(10**9))

    def show() -> None:
        state["field"] = Field(draw(entry, seed=1, attempt=next(attempt)))
        text.value = paragraphs(state["field"].question.text)
        place.children = [state["field"].widget]
        said.value = ""

    def judge() -> None:
        verdict = state["field"].check()
        said.value = note(verdict) if isinstance(verdict, str) else told(verdict)

    show()
    buttons = [button("Check", judge, primary=True)]
    if entry.values:
        buttons.append(button("New numbers", show))
    return [text, place, row(*buttons), said]


def _sorting(entry: Item) -> list[widgets.Widget]:
    first: dict[int, bool] = {}
    count = words(live=True)
    lines: list[widgets.Widget] = []

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

        def judge(change: dict) -> None:
            if change["new"] is None:
                return
            verdict = check(question, groups.index(change["new"]))
            first.setdefault(number, verdict.right)
            said.value = told(verdict)
            tally()

        choice.observe(judge, names="value")
        return widgets.VBox(
            [words(f"<b>{number + 1}.</b> {escape(entry_row.text)}"), choice, said],
            layout=widgets.Layout(margin="2px 0 4px"),
        )

    lines = [line(number) for number in range(len(entry.rows))]
    meanings = "".join(
        f"<tr><th>{escape(group)}</th><td>{escape(meaning)}</td></tr>"
        for group, meaning in entry.groups.items()
    )
    tally()
    return [words(paragraphs(entry.text) + f"<table>{meanings}</table>"), *lines, count]


def quiz(pool: Pool, spec: course.QuizSpec, seed: int) -> Frame:
    """The quiz of a module, one question at a time."""
    return Frame(
        f"quiz {pool.quiz}",
        f"Quiz {pool.quiz}, {pool.title}",
        lambda: _Quiz(pool, spec, seed).widgets,
    )


class _Quiz:
    """Goes through the questions of one attempt; the result is recorded at the end."""

    def __init__(self, pool: Pool, spec: course.QuizSpec, seed: int) -> None:
        self.pool, self.spec, self.seed = pool, spec, seed
        self.attempt = 0
        self.text, self.said = words(live=True), words(live=True)
        self.place = widgets.VBox()
        self.button = button("Check", lambda: self.act(), primary=True)
        self.widgets = [self.text, self.place, self.said, row(self.button)]
        self.act: Callable[[], None] = self.judge
        self.start()

    def start(self) -> None:
        """Draw the questions of this attempt and show the first."""
        self.questions = draw_quiz(self.pool, self.spec.questions, self.seed, self.attempt)
        self.verdicts: list[Verdict] = []
        self.show()

    def show(self) -> None:
        """The question that is next."""
        question = self.questions[len(self.verdicts)]
        self.field = Field(question)
        self.text.value = (
            f"<p class='lsd-soft'>Quiz {self.pool.quiz}, question {len(self.verdicts) + 1} of "
            f"{len(self.questions)}: {escape(question.topic)}</p>{paragraphs(question.text)}"
        )
        self.place.children = [self.field.widget]
        self.said.value = ""
        self.then("Check", self.judge)

    def judge(self) -> None:
        """Check once; the answer then stands."""
        verdict = self.field.check()
        if isinstance(verdict, str):
            self.said.value = note(verdict)
            return
        self.verdicts.append(verdict)
        self.field.input.disabled = True
        question = self.field.question
        shown = verdict.right or question.explains_name_it
        solution = "" if shown else f" Right is: {question.solution.rstrip('.')}."
        self.said.value = told(Verdict(verdict.right, verdict.explain + solution))
        last = len(self.verdicts) == len(self.questions)
        self.then(*(("Result", self.finish) if last else ("Next", self.show)))

    def finish(self) -> None:
        """Show the result and keep it."""
        found = evidence(self.verdicts, self.spec.pass_mark, self.seed)
        right = sum(verdict.right for verdict in self.verdicts)
        head = "Passed." if found.passed else "Not passed yet."
        kept = " The result is kept in results.json." if results.home() else ""
        try:
            results.record(f"quiz/{self.pool.quiz}", found)
        except OSError as error:
            kept = f" {answers.not_saved_sentence(results.home() / results.FILE, error)}"
        lines = "".join(
            f"<tr><td>{'right' if verdict.right else 'missed'}</td>"
            f"<td>{escape(question.topic)}</td>"
            f"<td>{taught_in(question)}</td></tr>"
            for question, verdict in zip(self.questions, self.verdicts, strict=True)
        )
        self.text.value = note(
            f"<b>{head}</b> {right} of {found.n} right; {percent(self.spec.pass_mark)} passes."
            f"{kept}",
            "right" if found.passed else "wrong",
        )
        self.place.children = [words(f"<table>{lines}</table>")]
        self.said.value = ""
        self.attempt += 1
        self.then("Try again with new questions", self.start)

    def then(self, text: str, act: Callable[[], None]) -> None:
        """What the button does next; it stays the same button, so that it keeps the focus."""
        self.button.description, self.act = text, act
