"""The table of rules: one function for each, under the number by which it is known.

R1 to R20 are the rules of the course's own label check, R21 on are pitfalls of real tools that none
of them covers. R1 to R4 are told by the readers of `labelschool.formats` too, which leave out what
they cannot understand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from labelschool.errors import LabelSchoolError
from labelschool.lint.export import Export, Place
from labelschool.lint.report import Severity

Problem = tuple[Place, str, str]
"""Where something is wrong, what it is, and what to do."""
Check = Callable[[Export], Iterable[Problem]]
Need = Literal["", "guideline", "ontology", "pictures", "scenes"]


@dataclass(frozen=True)
class Rule:
    """What has to hold, how bad it is when it does not, and what the check `needs` besides labels.

    `pitfalls` are the known troubles of tools that the rule covers, as "tool: what happens".
    """

    id: str
    holds: str
    severity: Severity
    needs: Need
    pitfalls: tuple[str, ...]
    check: Check


_ENTERED: dict[str, Rule] = {}


def rule(
    id_: str,
    holds: str,
    severity: Severity = "error",
    *,
    needs: Need = "",
    pitfalls: tuple[str, ...] = (),
) -> Callable[[Check], Check]:
    """Enters a function from an export to its problems as a rule."""

    def enter(check: Check) -> Check:
        _ENTERED[id_] = Rule(id_, holds, severity, needs, pitfalls, check)
        return check

    return enter


def table() -> dict[str, Rule]:
    """All rules there are, by number."""
    from labelschool.lint import boxes, names, pictures, provenance, regions, sequences  # noqa: F401

    return dict(sorted(_ENTERED.items(), key=lambda entry: int(entry[0][1:])))


def chosen(only: Iterable[str]) -> dict[str, Rule]:
    """The rules of these numbers, all where none is named. Raises `LabelSchoolError`."""
    rules, wanted = table(), [id_.upper() for id_ in only]
    if unknown := [id_ for id_ in wanted if id_ not in rules]:
        raise LabelSchoolError(
            f"There is no rule {unknown[0]}: `labelschool lint --rules` lists R1 to R{len(rules)}."
        )
    return {id_: rules[id_] for id_ in rules if not wanted or id_ in wanted}


def listing() -> Iterator[str]:
    """The table as lines for people."""
    for each in table().values():
        yield f"{each.id:<4} {each.severity:<8} {each.holds}"
        if each.needs:
            yield f"     {'':<8} Needs {_NEEDS[each.needs]}."
        for pitfall in each.pitfalls:
            yield f"     {'':<8} Pitfall: {pitfall}."


_NEEDS = {
    "guideline": "export.json beside the labels, or --guideline",
    "ontology": "export.json beside the labels, or --ontology",
    "pictures": "the folder of the pictures: images/ beside the labels, or --pictures",
    "scenes": "the scene and split of each picture, in export.json or as attributes",
}


def by_reader(_: Export) -> Iterator[Problem]:
    """For what is told by the readers alone."""
    return iter(())


rule("R1", "Files are valid JSON, XML or text, in UTF-8")(by_reader)
rule("R2", "Entries have the fields of their format, of the right type")(by_reader)
rule("R4", "A label has a picture and a category that its file lists")(by_reader)
