"""3.D: one design of gold for six hidden teams, each like the project that is described.

The answer is ``design.json``, a number for each knob of `labelschool.quality.gold_design`. A team
brings the share of what the best single design for all six is worth there.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from labelschool.demos.numbers import percent
from labelschool.errors import LabelSchoolError
from labelschool.exercises.suites import Judgement, is_number
from labelschool.quality.gold_design import COUNTED, DAYS, KNOBS, Design, Month, Team, month

FILE = "design.json"
SEEDS = (3107, 3119, 3121, 3137, 3163, 3167)
BEST = Design(share=10, count=25, difficulty=4.5, days=4, bar=78)
"""The single design that is worth most on average over the teams, on the steps of the knobs."""
NEARLY, NEAR = 0.97, "next to nothing is lost."
KNOWN, EASY, PASSED, FLAGGED, DEAR = 0.45, 0.75, 0.30, 0.06, 1.5
"""From where on it is said that: this share of what is shown is known; weak people are right on so
many golds; so many of the weak pass; so many of the others are flagged; it costs so many times
as much as the best design.
"""


def like(team: Team, seed: int) -> Team:
    """A team as it may turn out: abilities, the number of weak people and leaks vary."""
    rng = random.Random(seed)
    groups = tuple(
        replace(
            group,
            ability=group.ability + rng.uniform(-0.2, 0.2),
            people=group.people + (rng.choice((-2, -1, 0, 1, 2)) if group.weak else 0),
        )
        for group in team.groups
    )
    leak = rng.uniform(0.8, 1.25)
    return replace(team, groups=groups, posting=team.posting * leak, talk=team.talk * leak)


@dataclass(frozen=True)
class Hidden:
    """A team that a design is tried on."""

    name: str
    team: Team
    happens: str = ""

    @cached_property
    def best(self) -> Month:
        """The month under the best design."""
        return month(BEST, self.team)

    def judged(self, answer: Path, seconds: float) -> Judgement:
        """The share of what the best design is worth here, and what is lost first."""
        design = read(answer / FILE)
        made = month(design, self.team)
        share = min(max(made.worth / self.best.worth, 0.0), 1.0)
        if share >= 1:
            return Judgement(1.0)
        said = NEAR if share >= NEARLY else why(design, made, self.team, self.best)
        return Judgement(share, said)


def read(path: Path) -> Design:
    """The design in a file. Raises `LabelSchoolError` where it is none, or not complete."""
    try:
        given: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LabelSchoolError(
            f"answers/{path.parent.name}/{path.name} cannot be read: run annotate() and set the "
            "five numbers again."
        ) from error
    return Design(**{knob.name: _number(given, knob.name, knob.label) for knob in KNOBS})


def _number(given: Any, name: str, label: str) -> float:
    knob = next(knob for knob in KNOBS if knob.name == name)
    value = given.get(name) if isinstance(given, Mapping) else None
    if not is_number(value):
        raise LabelSchoolError(f"“{label}” has no number yet: set it in annotate().")
    if not knob.low <= value <= knob.high:
        raise LabelSchoolError(
            f"“{label}” is {value:g}; it lies between {knob.low:g} and {knob.high:g}."
        )
    return float(value)


def why(design: Design, made: Month, team: Team, best: Month) -> str:
    """What a design loses first on a team, in a sentence."""
    weak = sum(group.people for group in team.groups if group.weak)
    caught = sum(g.people * made.flagged[g.name] for g in team.groups if g.weak)
    others = sum(g.people * made.flagged[g.name] for g in team.groups if not g.weak)
    ability = {
        group.name: float(team.right(group.ability, design.difficulty)) for group in team.groups
    }
    if not made.within_cap:
        return (
            f"it costs {made.cost:,.0f} dollars a month and the cap is {team.cap:,.0f}, so "
            "it is not carried out. Fewer golds in a set, longer use, or a smaller share."
        )
    if not made.golds:
        return "nobody answers a gold, so nobody is found: the share and the set need a number."
    if made.known > KNOWN:
        return (
            f"a set stays for {design.days:g} of {DAYS} working days and leaks: "
            f"{percent(made.known)} of what is shown is known by then, and nobody fails a known "
            "gold. Change the set more often, or show each gold less."
        )
    if ability["weak"] >= EASY and caught < (1 - PASSED) * weak:
        return (
            f"the golds are easy: weak people are right on {percent(ability['weak'])} of them, "
            f"steady ones on {percent(ability['steady'])}, and that is hard to tell apart."
        )
    if made.golds < best.golds / 2:
        return (
            f"a person answers {made.golds} golds that tell something, so chance decides: of "
            f"{weak} weak people {caught:.1f} are found, and {others:.1f} good ones are flagged."
        )
    if others > FLAGGED * (team.size - weak):
        return (
            f"{others:.1f} of {team.size - weak} good people fall below the bar of "
            f"{design.bar:g} %. Lower it, or take easier golds."
        )
    if caught < (1 - PASSED) * weak:
        return (
            f"only {caught:.1f} of {weak} weak people are found, with {made.golds} golds each "
            "that tell something. More golds, or a bar nearer to the steady ones."
        )
    if made.cost > DEAR * best.cost:
        return (
            f"it finds {caught:.1f} of {weak} weak people and costs {made.cost:,.0f} "
            f"dollars; {best.cost:,.0f} would do."
        )
    return (
        f"{caught:.1f} of {weak} weak people are found, {others:.1f} good ones are lost, and gold "
        f"costs {made.cost:,.0f} dollars. Somewhat more is possible."
    )


SUITE = tuple(Hidden(f"Team {n}", like(COUNTED, seed)) for n, seed in enumerate(SEEDS, start=1))
