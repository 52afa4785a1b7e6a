"""Figures the learner can move: ``demo("pay")``. One module of demos per course module."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from labelschool.errors import LabelSchoolError

if TYPE_CHECKING:
    from labelschool.demos.frame import Frame

_MODULE_OF = {
    "pay": "foundation",
    "decide": "foundation",
    "loop": "foundation_pictures",
    "cost": "foundation",
    "types": "foundation_types",
    "salary": "salary",
    "savings": "salary",
    "reality": "reality",
    "stop": "reality",
    "window": "foundation_pictures",
    "rare": "attention",
    "iguanas": "foundation_habits",
    "habits": "foundation_habits",
    "identifiers": "foundation_street",
    "profile": "portfolio",
    "post": "portfolio",
    "platforms": "portfolio",
    "mended": "portfolio",
    "leaving": "foundation_skills",
    "configs": "tools_ontology",
    "reading": "tools_formats",
    "runs": "tools_formats",
    "slack": "tools_shapes",
    "extremes": "tools_shapes",
    "flags": "tools_shapes",
    "density": "tools_masks",
    "holes": "tools_masks",
    "proposal": "tools_masks",
    "tolerance": "tools_motion",
    "swap": "tools_motion",
    "drift": "tools_motion",
    "teams": "tools_text",
    "tags": "tools_text",
    "swapped": "tools_text",
    "weights": "tools_text",
    "resume": "tools_api",
    "queue": "quality_flow",
    "plan": "qa_plan",
    "vague": "quality_repair",
    "matrix": "quality_repair",
    "listing": "quality_access",
    "paradox": "quality_agreement",
    "missing": "quality_missing",
    "gate": "quality_label_ci",
    "stamps": "quality_sql",
    "piece": "quality_people",
    "ownpace": "quality_people",
    "gold": "quality_gold",
    "designer": "quality_gold",
    "spot": "quality_sampling",
    "oc": "quality_sampling",
    "switching": "quality_sampling",
    "radiologists": "quality_ceilings",
    "place": "quality_ceilings",
    "voters": "quality_consensus",
    "crowd": "quality_consensus",
    "onebox": "quality_consensus",
    "batches": "quality_meaning",
    "suspects": "quality_errors",
    "alarms": "quality_drift",
}


def names() -> tuple[str, ...]:
    """All demos there are."""
    return tuple(_MODULE_OF)


def demo(name: str) -> Frame:
    """The figure of that name. Raises `LabelSchoolError` naming those there are."""
    if name not in _MODULE_OF:
        raise LabelSchoolError(f"There is no demo {name!r}; there are {', '.join(_MODULE_OF)}.")
    module = import_module(f"labelschool.demos.{_MODULE_OF[name]}")
    return getattr(module, name)()
