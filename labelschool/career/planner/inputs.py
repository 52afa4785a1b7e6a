"""What a learner says about themselves, and how the choices are called."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
Skill = Literal["api", "sql", "architecture", "devops", "cloud"]
Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=60, pattern=r"^[^\W\d_]([^\W\d_]|[ .,'’()/-])*$"
    ),
]

SKILLS: dict[Skill, tuple[str, tuple[str, ...]]] = {
    "api": ("API development", ("1.3", "2.9")),
    "sql": ("SQL", ("1.3", "3.11")),
    "architecture": ("system architecture", ("1.3", "2.1", "3.14")),
    "devops": ("DevOps", ("1.3", "3.12")),
    "cloud": ("cloud platforms", ("1.3", "3.14", "4.9")),
}
"""The name of each backend skill and the lessons that build on it."""


@dataclass(frozen=True)
class Domain:
    """A domain to specialise in: its name, what to read of it, and the fact that cites it."""

    name: str
    reading: str
    fact: str


DOMAINS = {
    "driving": Domain("autonomous driving", "the Waymo labeling specifications", "F13"),
    "medical": Domain("medical imaging", "the LIDC/IDRI paper, Armato et al. 2011", "F17"),
    "retail": Domain("retail", "the SKU-110K paper, Goldman et al. 2019", "F16"),
    "language": Domain("language models", "section 3.4 of InstructGPT, Ouyang et al. 2022", "F25"),
}

LABELS: dict[str, dict[str, str]] = {
    "path": {"core": "core path", "full": "full course"},
    "goal": {
        "try": "see whether it suits me",
        "side": "paid work beside my job",
        "switch": "a change of job",
        "lead": "a role in quality or lead",
    },
    "domain": {key: domain.name for key, domain in DOMAINS.items()} | {"open": "not decided"},
    "skills": {key: name for key, (name, _) in SKILLS.items()},
    "device": {
        "computer": "a computer",
        "tablet": "a tablet",
        "phone": "a phone",
        "binder": "Binder, in the browser",
    },
}
"""How the choices of a field are called in a form and on paper."""


class Inputs(BaseModel):
    """What a learner says about themselves. Each description is the question of a form."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    hours_a_week: float = Field(5, ge=1, le=40, description="Hours a week you can keep up")
    start: date = Field(
        ge=date(2020, 1, 1), le=date(2100, 1, 1), description="The day you begin or go on"
    )
    days: tuple[Weekday, ...] = Field(
        ("Mon", "Wed", "Sat"), min_length=1, description="Days of the week you study"
    )
    path: Literal["core", "full"] = Field("full", description="How much of the course")
    goal: Literal["try", "side", "switch", "lead"] = Field(
        "try", description="What you want from it"
    )
    domain: Literal["driving", "medical", "retail", "language", "open"] = Field(
        "open", description="Domain you lean towards"
    )
    skills: tuple[Skill, ...] = Field((), description="Backend skills you use without looking up")
    self_test: tuple[Annotated[str, Field(pattern=r"^\d(\.\d+)?$")], ...] = Field(
        (), description="Modules (1) and lessons (1.4) whose test-out you passed"
    )
    savings_months: float = Field(
        0, ge=0, le=120, description="Months you can live without any pay"
    )
    country: Name = Field("United States", description="Country you would be paid in")
    language: Name = Field("English", description="Language you work in most easily")
    device: Literal["computer", "tablet", "phone", "binder"] = Field(
        "computer", description="What you work on"
    )

    @field_validator("days", "skills", "self_test")
    @classmethod
    def _in_one_order(cls, given: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        """Each choice once, so that the order of ticking changes nothing."""
        order = WEEKDAYS.index if info.field_name == "days" else None
        return tuple(sorted(set(given), key=order))

    @property
    def minutes_a_day(self) -> int:
        """Whole minutes of each study day; over a week never more than the hours given."""
        return math.floor(self.hours_a_week * 60 / len(self.days))


def savings_end(inputs: Inputs) -> date:
    """The last day that savings pay for, counted in months of 30 days and a half."""
    return inputs.start + timedelta(days=math.floor(inputs.savings_months * 30.5))
