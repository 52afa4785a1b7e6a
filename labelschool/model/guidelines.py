"""Guidelines: rules for people, with the decision card of the same rules for machines.

A guideline is a Markdown text under a YAML header. The header is the decision card: classes, and
rules by their number in the order in which they decide. A number stays with its rule for good, as
escalations and findings cite it.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import Field, ValidationError

from labelschool.errors import LabelSchoolError
from labelschool.model.record import Record, first_error

_OPERATORS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
EXAMPLES = ("positive", "negative", "edge")
Conditions = Mapping[str, bool | str]


class Rule(Record):
    """One rule. `when` is a condition and `then` the class it leads to, where rules decide alone;
    of the examples each line is one."""

    number: int
    name: str
    short: str
    when: str = ""
    then: str = ""
    positive: str = ""
    negative: str = ""
    edge: str = ""


class Guideline(Record):
    """A guideline: the decision card of its header and the text learners read.

    `default` is the class where no rule decides, `note` what changed since the version before,
    `intro` what the text says above the rules.
    """

    id: str = Field(pattern=r"^\w+\.v\d+$")
    title: str
    classes: dict[str, str | None]
    rules: dict[int, Rule] = {}
    default: str = ""
    note: str = ""
    intro: str = ""
    body: str = ""

    @property
    def version(self) -> int:
        return int(self.id.rpartition(".v")[2])

    @property
    def summary(self) -> str:
        """The rules in short, one line each, as Markdown."""
        rules = [f"- **{rule.number}** {rule.short}" for rule in self.rules.values()]
        return "\n".join([f"**{self.id}**: {self.title}, version {self.version}", "", *rules])

    def at_version(self, version: int) -> str:
        """The id of another version of this guideline."""
        return f"{self.id.rpartition('.v')[0]}.v{version}"


def from_header(header: Mapping[str, Any], body: str) -> Guideline:
    """The guideline of a header and the text below it. Raises pydantic's `ValidationError`."""
    told = {"id" if key == "guideline" else key: value for key, value in header.items()}
    rules = told.get("rules") or {}
    told["rules"] = {number: {"number": number, **rule} for number, rule in rules.items()}
    above = re.match(r"(?:# .*\n+)?((?:(?!\||\*\*\d).*\n)*)", body)[1].strip()
    return Guideline.model_validate({"intro": above, **told, "body": body})


def read(text: str) -> Guideline:
    """The guideline of a text. Raises `LabelSchoolError` when it is none."""
    found = re.fullmatch(r"---\n(.*?\n)---\n\n?(.*)", text, re.DOTALL)
    try:
        header = yaml.safe_load(found[1]) if found else None
        if isinstance(header, dict):
            return from_header(header, found[2])
    except ValidationError as error:
        raise LabelSchoolError(f"The guideline is wrong: {first_error(error)}.") from error
    except (yaml.YAMLError, AttributeError, TypeError, ValueError) as error:
        raise LabelSchoolError("The header of the guideline is damaged.") from error
    raise LabelSchoolError("The guideline has no YAML header between two lines of `---`.")


def text(guideline: Guideline) -> str:
    """The guideline as a file: the header, and the text made from it."""
    told = guideline.model_dump(exclude={"id", "body", "rules"})
    rules = {
        number: {key: value for key, value in rule if value and key != "number"}
        for number, rule in guideline.rules.items()
    }
    rules = {number: {"name": "", "short": "", **rule} for number, rule in rules.items()}
    header = {"guideline": guideline.id, **told, "rules": rules}
    dumped = yaml.dump(header, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=96)
    written = "\n".join(body(guideline))
    return f"---\n{dumped}---\n\n{written}\n"


def body(guideline: Guideline) -> list[str]:
    """The text of a guideline, in lines."""
    lines = [f"# {guideline.title}, version {guideline.version}"]
    if guideline.note.strip():
        lines += ["", *f"Changed in this version: {guideline.note.strip()}".split("\n")]
    if guideline.intro.strip():
        lines += ["", *guideline.intro.strip().split("\n")]
    for rule in guideline.rules.values():
        lines += ["", *f"**{rule.number} {rule.name}.** {rule.short}".rstrip().split("\n")]
        if rule.when or rule.then:
            lines += ["", f"If `{rule.when}`, then **{rule.then}**."]
        examples = [
            f"- {kind.capitalize()}: {line.strip()}"
            for kind in EXAMPLES
            for line in getattr(rule, kind).split("\n")
            if line.strip()
        ]
        lines += ["", *examples] if examples else []
    if guideline.default:
        lines += ["", f"Otherwise **{guideline.default}**."]
    return lines


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as such."""


def _represented(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    """YAML folds the line breaks of other scripts unless they are escaped."""
    style = '"' if re.search("[\x85\u2028\u2029]", value) else "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _represented)


# Rules that decide alone ------------------------------------------------------------------------


def card(guideline: Guideline, features: Mapping[str, type]) -> dict[str, Any]:
    """The decision card: rules ``{"id", "if", "then"}`` in their order, and the default.

    `features` holds bool or float for each name a condition may ask. Raises `LabelSchoolError`
    for the first fault.
    """
    for number, sentence in faults(guideline, features).items():
        raise LabelSchoolError(f"Rule {number}: {sentence}" if number else sentence)
    rules = [
        {"id": rule.number, "if": conditions(rule.when, features), "then": rule.then}
        for rule in guideline.rules.values()
    ]
    return {"version": guideline.id, "rules": rules, "default": guideline.default}


def faults(guideline: Guideline, features: Mapping[str, type]) -> dict[int, str]:
    """What keeps rules from deciding, by their number; 0 is the guideline as a whole."""
    found = {}
    for rule in guideline.rules.values():
        try:
            conditions(rule.when, features)
        except LabelSchoolError as error:
            found[rule.number] = str(error)
        else:
            if rule.then not in guideline.classes:
                found[rule.number] = "Choose the class this rule leads to."
    if guideline.default not in guideline.classes:
        found[0] = "Choose a class for what no rule decides."
    return found


def conditions(when: str, features: Mapping[str, type]) -> dict[str, bool | str]:
    """The conditions of a text such as ``dent_cm >= 8 and not torn``, by feature.

    Raises `LabelSchoolError` with what is wrong.
    """
    found: dict[str, bool | str] = {}
    for part in re.split(r"\s+and\s+|,", when.strip()):
        match = re.fullmatch(r"(not\s+)?(\w+)(?:\s*(>=|<=|>|<|is)\s*([\w.-]+))?", part.strip())
        if not match:
            raise LabelSchoolError(f"Write conditions such as {_example(features)}.")
        negated, name, sign, value = match.groups()
        if name not in features:
            raise LabelSchoolError(f"There is no feature {name}; there are {', '.join(features)}.")
        if name in found:
            raise LabelSchoolError(f"{name} stands twice; a rule asks for each feature once.")
        if features[name] is bool:
            if sign:
                raise LabelSchoolError(f"{name} is yes or no: write {name} or not {name}.")
            found[name] = not negated
        else:
            compared = sign and re.fullmatch(r"-?\d+(\.\d+)?", value)
            if negated or not (compared or sign == "is"):
                raise LabelSchoolError(f"{name} is a number: compare it, such as {name} >= 8.")
            found[name] = value if sign == "is" else f"{sign} {value}"
    return found


def holds(wanted: bool | str, value: bool | float) -> bool:
    """Whether a condition holds for what was seen. Raises ValueError for a word that is none."""
    if isinstance(wanted, bool):
        return value is wanted
    sign, _, number = wanted.partition(" ")
    if sign not in _OPERATORS:
        raise ValueError(f"{wanted!r} is no condition; write true, false, large or '>= 8'.")
    return _OPERATORS[sign](value, float(number))


def words(found: Conditions) -> str:
    """The text of conditions, which `conditions` reads back."""

    def part(name: str, wanted: bool | str) -> str:
        if isinstance(wanted, bool):
            return name if wanted else f"not {name}"
        return f"{name} {wanted}" if wanted[0] in "<>" else f"{name} is {wanted}"

    return " and ".join(part(name, wanted) for name, wanted in found.items())


def _example(features: Mapping[str, type]) -> str:
    parts = [name if kind is bool else f"{name} >= 8" for name, kind in features.items()]
    return " and ".join(parts[:2])
