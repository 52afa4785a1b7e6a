"""Questions: ``ask("1.5/visible")`` in a lesson, ``quiz("1")`` at the end of a module.

What is kept of a quiz stands in `quizzes.tries`; `quizzes.test_outs` draws from the same items
what a learner may skip.

The items stand in `content/quizzes/N.yml`. There are three kinds:

* a choice: `options`, one of them `correct`, each with its `explain`;
* a number: `values` to draw from, `answer` as one named formula such as ``hours(n, seconds)``, and
  `wrong` results of usual slips, each a formula with its explanation;
* a sorting: `groups` and `rows`, each row with its group. A lesson asks all rows, a quiz draws one.

Drawing and checking know nothing of widgets; the widgets stand at the end of the file.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from labelschool import course
from labelschool.demos.numbers import plain
from labelschool.errors import LabelSchoolError
from labelschool.model import first_error

if TYPE_CHECKING:
    from labelschool.demos.frame import Frame


# Formulas a numeric item may name ---------------------------------------------------------------


def _occlusion_level(percent: float) -> int:
    """The level of guideline G1 rule 6 for a hidden share in percent."""
    return 0 if percent <= 5 else 1 if percent < 25 else 2 if percent < 50 else 3


def _proposal_hours(n: float, look: float, percent: float, draw: float) -> float:
    """Hours for n proposals that are looked at, where `percent` are good, the others redrawn."""
    return n * (look + draw * (1 - percent / 100)) / 3600


_z = NormalDist().inv_cdf


def _d_prime(hits: float, targets: float, alarms: float, others: float) -> float:
    """d' with the log-linear correction from two counts and the numbers they are of."""
    return _z((hits + 0.5) / (targets + 1)) - _z((alarms + 0.5) / (others + 1))


def _quality(name: str, *given: float) -> Any:
    """What a function of `labelschool.quality` gives; imported here, because it is heavy."""
    from labelschool import quality

    return getattr(quality, name)(*given)


def _flagged(percent: float, n: float, bar: float) -> float:
    """The probability in percent of falling below a bar in percent on n golds."""
    return 100 * _quality("flag_probability", percent / 100, int(n), bar / 100)


def _majority(percent: float, n: float) -> float:
    """The share in percent of items that a majority of `n` independent people gets right."""
    return 100 * float(_quality("majority_accuracy", percent / 100, int(n)))


def _accepted(n: float, c: float, percent: float) -> float:
    """The probability in percent of accepting a lot under the plan (n, c)."""
    return 100 * _quality("Plan", int(n), int(c)).accepts(percent / 100)


def _by_lots(both: float, one: float, other: float, neither: float) -> float:
    """The chance agreement of two annotators from the four cells of their table."""
    n = both + one + other + neither
    ours, theirs = (both + one) / n, (both + other) / n
    return ours * theirs + (1 - ours) * (1 - theirs)


def _kappa(both: float, one: float, other: float, neither: float, chance: float) -> float:
    """The agreement seen in four cells, corrected for a chance agreement."""
    return ((both + neither) / (both + one + other + neither) - chance) / (1 - chance)


def _by_urn(both: float, one: float, other: float, neither: float) -> float:
    """The chance agreement of labels drawn from one urn."""
    share = (2 * both + one + other) / (2 * (both + one + other + neither))
    return share**2 + (1 - share) ** 2


FORMULAS: Mapping[str, Callable[..., float]] = {
    "same": lambda number: number,
    "product": lambda a, b: a * b,
    "quotient": lambda a, b: a / b,
    "hours": lambda n, seconds: n * seconds / 3600,
    "minutes": lambda n, seconds: n * seconds / 60,
    "hours_with_check": lambda n, seconds, percent, check: (
        n * (seconds + check * percent / 100) / 3600
    ),
    "proposal_hours": _proposal_hours,
    "proposal_hours_swapped": lambda n, look, percent, draw: _proposal_hours(
        n, look, 100 - percent, draw
    ),
    "items_per_hour": lambda seconds: 3600 / seconds,
    "price": lambda hourly, seconds: hourly * seconds / 3600,
    "price_in_cents": lambda hourly, seconds: hourly * seconds / 36,
    "price_to_the_cent": lambda hourly, seconds: round(hourly * seconds / 3600, 2),
    "price_per_minute": lambda hourly, seconds: hourly * seconds / 60,
    "at_the_desk": lambda hourly, paid, unpaid: hourly * paid / (paid + unpaid),
    "percent_back": lambda fall: 100 * fall / (100 - fall),
    "hourly_without": lambda hourly, paid, unpaid: hourly * (paid - unpaid) / paid,
    "iou_margin": lambda side, extra: (side / (side + extra)) ** 2,
    "iou_one_way": lambda side, extra: side / (side + extra),
    "occlusion_level": _occlusion_level,
    "occlusion_level_late": lambda percent: _occlusion_level(percent - 0.01),
    "occlusion_level_any": lambda percent: max(1, _occlusion_level(percent)),
    "occlusion_level_visible": lambda percent: _occlusion_level(100 - percent),
    "complement": lambda part, whole: 1 - part / whole,
    "d_prime": _d_prime,
    "d_prime_uncorrected": lambda hits, targets, alarms, others: (
        _z(hits / targets) - _z(alarms / others)
    ),
    "rate_difference": lambda hits, targets, alarms, others: hits / targets - alarms / others,
    "crowd_boxes": lambda n: n if n <= 10 else 11,
    "first_ten": lambda n: min(n, 10),
    "hours_saved": lambda n, slow, fast: n * (slow - fast) / 3600,
    "iou_of_areas": lambda one, other, shared: shared / (one + other - shared),
    "triage_points": lambda right, accepted, needless: right - 2 * accepted - needless / 2,
    "pages": lambda n, limit: -(-n // limit),
    "full_pages": lambda n, limit: n // limit,
    "pages_and_empty": lambda n, limit: -(-n // limit) + 1,
    "benchmarks": lambda n: 5 + (n - 5) / 10,
    "benchmarks_of_all": lambda n: 5 + n / 10,
    "yolo_centre": lambda x, w, side: (x + w / 2) / side,
    "middle": lambda x, w: x + w / 2,
    "plus": lambda a, b: a + b,
    "minus": lambda a, b: a - b,
    "twice_plus": lambda a, b: 2 * a + b,
    "f1": lambda right, there, made: 2 * right / (there + made),
    "percent": lambda part, whole: 100 * part / whole,
    "percent_rest": lambda part, whole: 100 * (1 - part / whole),
    "lift": lambda hits, looked, wrong, n: (hits / looked) / (wrong / n),
    "limit_percent": lambda percent, n, sigmas: (
        percent + sigmas * (percent * (100 - percent) / n) ** 0.5
    ),
    "cusum_of_three": lambda a, b, c, k: max(0, max(0, max(0, a - k) + b - k) + c - k),
    "sum_above": lambda a, b, c, k: a + b + c - 3 * k,
    "viewers": lambda n, percent, seconds, limit: ceil(n * percent * seconds / 6000 / limit),
    "viewers_cut": lambda n, percent, seconds, limit: n * percent * seconds // 6000 // limit,
    "gold_flagged": _flagged,
    "gold_passed": lambda percent, n, bar: 100 - _flagged(percent, n, bar),
    "gold_passed_late": lambda percent, n, bar: 100 - _flagged(percent, n, bar + 100 / n),
    "share_of": lambda n, percent: n * percent / 100,
    "share_of_share": lambda n, percent, of_these: n * percent * of_these / 10_000,
    "majority": _majority,
    "all_right": lambda percent, n: 100 * (percent / 100) ** n,
    "any_right": lambda percent, n: 100 * (1 - (1 - percent / 100) ** n),
    "gain_price": lambda percent, few, many, labels: (
        100 * labels / (_majority(percent, many) - _majority(percent, few))
    ),
    "wilson_high": lambda count, n: 100 * _quality("wilson_interval", count, n)[1],
    "sample_size": lambda margin, rate: _quality("sample_size", margin / 100, rate / 100),
    "sample_size_halved": lambda margin, rate: _quality("sample_size", margin / 200, rate / 100),
    "accepted": _accepted,
    "accepted_below": lambda n, c, percent: _accepted(n, c - 1, percent),
    "rejected": lambda n, c, percent: 100 - _accepted(n, c, percent),
    "weighted": lambda n, a, m, b: (n * a + m * b) / (n + m),
    "mean": lambda a, b: (a + b) / 2,
    "mqm": lambda major, minor: 5 * major + minor,
    "mqm_taste": lambda major, minor: 5 * major + minor + 1,
    "with_rework": lambda n, percent: n / (1 - percent / 100),
    "with_rework_once": lambda n, percent: n * (1 + percent / 100),
    "by_lots": _by_lots,
    "by_lots_first": lambda a, b, c, d: ((a + b) * (a + c)) / (a + b + c + d) ** 2,
    "agreed": lambda a, b, c, d: (a + d) / (a + b + c + d),
    "kappa": lambda a, b, c, d: _kappa(a, b, c, d, _by_lots(a, b, c, d)),
    "kappa_of_one_urn": lambda a, b, c, d: _kappa(a, b, c, d, _by_urn(a, b, c, d)),
    "kappa_undivided": lambda a, b, c, d: (a + d) / (a + b + c + d) - _by_lots(a, b, c, d),
    "alike": lambda a, b: (a * (a - 1) + b * (b - 1)) / ((a + b) * (a + b - 1)),
    "alike_with_itself": lambda a, b: (a**2 + b**2) / (a + b) ** 2,
    "largest_share": lambda a, b: max(a, b) / (a + b),
}
_CALL = re.compile(r"(\w+)\(([\w., ]*)\)")


def compute(call: str, values: Mapping[str, float]) -> float:
    """The value of ``name(argument, ...)``: a formula above with drawn values or plain numbers."""
    matched = _CALL.fullmatch(call.strip())
    if not matched or matched[1] not in FORMULAS:
        raise ValueError(f"{call!r} is not one of the formulas {', '.join(FORMULAS)}")
    names = [part.strip() for part in matched[2].split(",") if part.strip()]
    return FORMULAS[matched[1]](*(values[n] if n in values else float(n) for n in names))


# The items as they are written ------------------------------------------------------------------


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(_Entry):
    """One answer to choose, and why it is right or wrong."""

    text: str
    explain: str
    correct: bool = False


class Slip(_Entry):
    """A wrong number that is reached in a usual way."""

    result: str
    explain: str


class Row(_Entry):
    """One line to sort, the group it belongs to, and why."""

    text: str
    group: str
    explain: str


class Item(_Entry):
    """One item of the pool. `pool: false` keeps it out of the quiz."""

    id: str = Field(pattern=r"^\d\.\d+/[a-z0-9-]+$")
    topic: str
    text: str
    options: tuple[Option, ...] = ()
    values: dict[str, tuple[float, ...]] = {}
    answer: str = ""
    unit: str = ""
    tolerance: float = 0.01
    explain: str = ""
    wrong: tuple[Slip, ...] = ()
    groups: dict[str, str] = {}
    rows: tuple[Row, ...] = ()
    pool: bool = True

    @model_validator(mode="after")
    def _answerable(self) -> Item:
        kinds = [bool(self.options), bool(self.answer), bool(self.rows)]
        if sum(kinds) != 1:
            raise ValueError(f"{self.id} needs options, or an answer, or rows: exactly one of them")
        if self.options and sum(option.correct for option in self.options) != 1:
            raise ValueError(f"{self.id} needs exactly one correct option")
        if self.answer and not self.explain:
            raise ValueError(f"{self.id} needs an explain that shows the way to its number")
        if unknown := {row.group for row in self.rows} - set(self.groups):
            raise ValueError(f"{self.id} has no group {sorted(unknown)[0]!r}")
        for call in (self.answer, *(slip.result for slip in self.wrong)) if self.answer else ():
            for values in combinations(self.values):
                compute(call, values)
        return self


class Pool(_Entry):
    """All items of one module's file."""

    quiz: str
    title: str
    items: tuple[Item, ...]


@cache
def load(quiz_id: str) -> Pool:
    """The pool of one module. Raises `CourseError` when it is missing or wrong."""
    path = course.root() / "content" / "quizzes" / f"{quiz_id}.yml"
    if not path.is_file():
        raise course.CourseError(f"There is no quiz {quiz_id!r} in this course.")
    try:
        return Pool.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        what = first_error(error) if isinstance(error, ValidationError) else error
        raise course.CourseError(f"content/quizzes/{quiz_id}.yml is wrong: {what}") from error


def item(item_id: str) -> Item:
    """One item by its id, such as ``1.5/visible``."""
    pool = load(item_id.split(".")[0])
    for entry in pool.items:
        if entry.id == item_id:
            return entry
    raise LabelSchoolError(
        f"There is no question {item_id!r}; there are {', '.join(i.id for i in pool.items)}."
    )


# Drawing and checking ---------------------------------------------------------------------------


def combinations(values: Mapping[str, Sequence[float]]) -> list[dict[str, float]]:
    """Every way to draw one value per name, in a fixed order."""
    return [dict(zip(values, drawn, strict=True)) for drawn in itertools.product(*values.values())]


@dataclass(frozen=True)
class Question:
    """An item with its values drawn: options in order, or a number with its usual slips.

    `groups` are what the options of a sorting mean, and `explains_name_it` says that the
    explanation of a wrong answer names the right one.
    """

    item_id: str
    topic: str
    text: str
    options: tuple[Option, ...] = ()
    answer: float | None = None
    unit: str = ""
    tolerance: float = 0
    explain: str = ""
    slips: tuple[tuple[float, str], ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    explains_name_it: bool = False

    @property
    def solution(self) -> str:
        """The right answer as a learner would write it."""
        if self.answer is not None:
            return f"{plain(self.answer)} {self.unit}".strip()
        return next(option.text for option in self.options if option.correct)


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and why."""

    right: bool
    explain: str


def draw(entry: Item, seed: int, attempt: int = 0) -> Question:
    """The item as one question. Consecutive attempts of a seed get different values."""
    chance = random.Random(f"{seed}/{entry.id}")
    if entry.answer:
        drawn = combinations(entry.values)
        chance.shuffle(drawn)
        return _numeric(entry, drawn[attempt % len(drawn)])
    if entry.rows:
        rows = list(entry.rows)
        chance.shuffle(rows)
        return sort_question(entry, rows[attempt % len(rows)])
    options = list(entry.options)
    random.Random(f"{seed}/{entry.id}/{attempt}").shuffle(options)
    return Question(entry.id, entry.topic, entry.text, options=tuple(options))


def sort_question(entry: Item, row: Row) -> Question:
    """One row of a sorting as a choice between its groups."""
    options = tuple(
        Option(
            text=group,
            explain=row.explain if group == row.group else _missorted(group, meaning, row),
            correct=group == row.group,
        )
        for group, meaning in entry.groups.items()
    )
    text = f"{entry.text}\n\n{row.text}"
    return Question(
        entry.id,
        entry.topic,
        text,
        options=options,
        groups=tuple(entry.groups.items()),
        explains_name_it=True,
    )


def _missorted(group: str, meaning: str, row: Row) -> str:
    """What the chosen group means, then which group the line belongs to and why."""
    return (
        f"Your choice, {group}, means: {_inside(meaning)} "
        f"This line belongs to {row.group}: {_inside(row.explain)}"
    )


def _inside(sentence: str) -> str:
    """A sentence as it goes on after a colon: with a small letter, unless it is an acronym."""
    return sentence if sentence[1:2].isupper() else sentence[0].lower() + sentence[1:]


def _numeric(entry: Item, values: dict[str, float]) -> Question:
    answer = compute(entry.answer, values)
    shown = {name: plain(value) for name, value in values.items()} | {"answer": plain(answer)}
    return Question(
        entry.id,
        entry.topic,
        entry.text.format(**shown),
        answer=answer,
        unit=entry.unit,
        tolerance=entry.tolerance,
        explain=entry.explain.format(**shown),
        slips=tuple((compute(s.result, values), s.explain.format(**shown)) for s in entry.wrong),
        explains_name_it=True,
    )


def check(question: Question, given: int | float) -> Verdict:
    """Judge the index of an option, or a number within the item's relative tolerance."""
    if question.answer is None:
        option = question.options[int(given)]
        return Verdict(option.correct, option.explain)

    def near(target: float) -> bool:
        return abs(given - target) <= max(1e-9, question.tolerance * abs(target))

    if near(question.answer):
        return Verdict(True, question.explain)
    named = next((why for result, why in question.slips if near(result)), "")
    return Verdict(False, f"{named} {question.explain}".strip())


def draw_quiz(pool: Pool, questions: int, seed: int, attempt: int = 0) -> tuple[Question, ...]:
    """A quiz: every topic, the larger ones more often; the next attempt first takes unseen items.

    With more topics than questions the smallest topics are left out.
    """
    entries = [entry for entry in pool.items if entry.pool]
    random.Random(f"{seed}/{pool.quiz}").shuffle(entries)
    by_topic: dict[str, list[Item]] = {}
    for entry in entries:
        by_topic.setdefault(entry.topic, []).append(entry)
    topics = sorted(by_topic.values(), key=len, reverse=True)
    each, more = divmod(questions, len(topics))
    seats = [each + (place < more) for place in range(len(topics))]
    drawn = [q for t, n in zip(topics, seats, strict=True) for q in deal(t, n, seed, attempt)]
    random.Random(f"{seed}/{pool.quiz}/{attempt}").shuffle(drawn)
    return tuple(drawn)


def deal(entries: Sequence[Item], n: int, seed: int, attempt: int) -> list[Question]:
    """Questions from the next `n` items in turn, so that attempts go round all of them."""
    turn = (entries[(attempt * n + k) % len(entries)] for k in range(min(n, len(entries))))
    return [draw(entry, seed, attempt) for entry in turn]


# What a notebook calls --------------------------------------------------------------------------


def ask(item_id: str) -> Frame:
    """One question with its explanation at once; the first answer and the last are kept."""
    from labelschool.quizzes import view

    return view.ask(item(item_id))


def quiz(quiz_id: str, seed: int | None = None) -> Frame:
    """The quiz of a module: its result goes to `results.json`. A seed repeats the same draw."""
    from labelschool.quizzes import view
    from labelschool.quizzes.tries import Quiz, Try, next_try

    spec = next((m.quiz for m in course.load().modules if m.quiz and m.quiz.id == quiz_id), None)
    if spec is None:
        raise course.CourseError(f"There is no quiz {quiz_id!r} in course.yml.")
    taken = Quiz(load(quiz_id), spec)
    return view.rounds(taken, next_try(taken.key) if seed is None else Try(seed))
