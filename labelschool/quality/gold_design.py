"""What a gold programme is worth: five numbers of a design, a team, and the month that follows.

The model is exact, without chance: probabilities are binomial, everything else is an expectation.

* A person of ability t is right on a gold of difficulty d with probability
  g + (1 - g) / (1 + exp(-slope (t - d))): the logistic model of item response, with guessing g.
* Golds are drawn from the set with replacement; meeting one again within its set tells nothing, so
  of a set of c golds and m that are shown to a person, c (1 - exp(-m / c)) count.
* A gold leaks at a rate of `posting` for each time that it is shown and of `talk` for each day.
  From then on everybody is right on it. A set is in use for `days`, so the share of what is shown
  that is known is 1 - (1 - exp(-r)) / r, where r is the rate of one gold times `days`.
* Whoever falls below the bar at the end of the month is replaced: for somebody weak that saves
  `saved`, for anybody else it loses `lost`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from labelschool.quality.broadcast import plain
from labelschool.quality.gold import flag_probability

DAYS = 20
"""Working days of the month."""


@dataclass(frozen=True)
class Knob:
    """One number of a design: what it is, and from where to where it goes."""

    name: str
    label: str
    unit: str
    low: float
    high: float
    step: float
    help: str


KNOBS = (
    Knob("share", "Share of the tasks that are gold", "%", 0, 20, 0.5, "Each is paid like a task."),
    Knob("count", "Golds in a set", "golds", 0, 200, 5, "Two experts make each."),
    Knob(
        "difficulty",
        "Difficulty",
        "",
        0,
        10,
        0.5,
        "0: everybody is right. 10: everybody guesses. The work itself is at 3.",
    ),
    Knob("days", "A set is used for", "working days", 1, 20, 1, "20: the same set all month."),
    Knob("bar", "Bar", "% right", 0, 100, 1, "Below it somebody is taken off the project."),
)


@dataclass(frozen=True)
class Design:
    """How gold is used: the share of tasks in %, golds in a set, their difficulty from 0 to 10, the
    working days that a set is used, and the bar in %. Numbers or arrays of one shape.
    """

    share: float | np.ndarray
    count: float | np.ndarray
    difficulty: float | np.ndarray
    days: float | np.ndarray
    bar: float | np.ndarray

    def __post_init__(self) -> None:
        for knob in KNOBS:
            value = np.asarray(getattr(self, knob.name), float)
            if not np.all((knob.low <= value) & (value <= knob.high)):
                raise ValueError(f"{knob.name} lies between {knob.low:g} and {knob.high:g}")


@dataclass(frozen=True)
class Group:
    """People of one ability, which is on the scale of difficulty."""

    name: str
    people: int
    ability: float
    weak: bool = False


@dataclass(frozen=True)
class Team:
    """A project for a month: its people, the tasks of each, and dollars.

    A task is paid with `pay`, a gold of difficulty 0 is made for `making`, one of difficulty 10 for
    twice that, and a set is put in place for `change`; `cap` limits what gold may cost. `posting`
    and `talk` say how fast golds leak, `slope` how sharply difficulty tells abilities apart, and
    `guessing` is the share of right guesses.
    """

    groups: tuple[Group, ...]
    tasks: int
    pay: float
    making: float
    change: float
    saved: float
    lost: float
    cap: float
    posting: float
    talk: float
    slope: float = 0.8
    guessing: float = 0.25

    @property
    def size(self) -> int:
        """How many people there are."""
        return sum(group.people for group in self.groups)

    def right(self, ability: float, difficulty: float | np.ndarray) -> float | np.ndarray:
        """The probability of being right on a gold that is not known."""
        reached = 1 / (1 + np.exp(-self.slope * (ability - np.asarray(difficulty, float))))
        return self.guessing + (1 - self.guessing) * reached


@dataclass(frozen=True)
class Month:
    """What comes of a design: golds that each person answers, the share of the shown golds that is
    known, the probability of being flagged by group, and dollars.

    `worth` is what is saved less what is lost and spent; a design above the cap is not carried out
    and worth nothing.
    """

    golds: float | np.ndarray
    known: float | np.ndarray
    flagged: dict[str, float | np.ndarray]
    making: float | np.ndarray
    serving: float | np.ndarray
    saved: float | np.ndarray
    lost: float | np.ndarray
    within_cap: bool | np.ndarray
    worth: float | np.ndarray

    @property
    def cost(self) -> float | np.ndarray:
        """Making the golds and paying for the answers."""
        return self.making + self.serving


def month(design: Design, team: Team) -> Month:
    """The expected month of a team under a design, or under many at once."""
    share, count, difficulty, days, bar = (
        np.asarray(getattr(design, field.name), float) for field in fields(Design)
    )
    shown = np.where(count > 0, np.rint(team.tasks * share / 100), 0)
    sets, some = DAYS / days, np.maximum(count, 1)
    met = shown / sets / some
    golds = np.rint(sets * count * (1 - np.exp(-met))).astype(int)
    rate = team.posting * team.size * met + team.talk * days
    known = 1 - (1 - np.exp(-rate)) / rate
    # Harder golds need a longer talk between the experts who make them.
    making = sets * (count * team.making * (1 + difficulty / 10) + team.change * (count > 0))
    serving = team.size * shown * team.pay
    flagged, saved, lost = {}, np.zeros(golds.shape), np.zeros(golds.shape)
    for group in team.groups:
        accuracy = known + (1 - known) * team.right(group.ability, difficulty)
        flagged[group.name] = flag_probability(accuracy, golds, bar / 100)
        expected = group.people * flagged[group.name]
        saved = saved + expected * team.saved * group.weak
        lost = lost + expected * team.lost * (not group.weak)
    within = making + serving <= team.cap
    worth = np.where(within, saved - lost - making - serving, 0.0)
    return Month(
        flagged={name: plain(share) for name, share in flagged.items()},
        golds=plain(golds),
        known=plain(known),
        making=plain(making),
        serving=plain(serving),
        saved=plain(saved),
        lost=plain(lost),
        within_cap=plain(within),
        worth=plain(worth),
    )


PRACTICE = Team(
    (Group("weak", 3, 5.0, weak=True), Group("steady", 6, 7.2), Group("sharp", 3, 8.8)),
    tasks=1500,
    pay=0.12,
    making=1.0,
    change=8,
    saved=450,
    lost=450,
    cap=450,
    posting=0.05,
    talk=0.15,
)
"""Street tags: twelve people, cheap tasks, golds that leak fast."""

COUNTED = Team(
    (Group("weak", 8, 4.2, weak=True), Group("steady", 16, 6.2), Group("sharp", 6, 8.0)),
    tasks=600,
    pay=0.40,
    making=3.0,
    change=60,
    saved=600,
    lost=900,
    cap=2600,
    posting=0.02,
    talk=0.09,
)
"""Clinic notes, the project of exercise 3.D: thirty people, dear tasks, good people who are hard to
replace. Its hidden teams are like it.
"""
