"""Policies for 3.L: the repaired one of the data set, and those that usual mistakes leave."""

from __future__ import annotations

import json
from typing import Any

from labelschool import datasets

Policy = dict[str, dict[str, Any]]


def shown() -> Policy:
    """The eight statements as they are shipped, each with its fault."""
    text = datasets.file("policies8", "statements.json").read_text(encoding="utf-8")
    return {entry["id"]: entry["statement"] for entry in json.loads(text)["statements"]}


def repaired() -> Policy:
    """The eight statements without their faults."""
    return datasets.key("policies8", "counted")["repaired"]


def calls() -> list[dict[str, Any]]:
    """The calls that are shipped."""
    text = datasets.file("policies8", "calls.json").read_text(encoding="utf-8")
    return json.loads(text)["calls"]


def answer(statements: list[dict[str, Any]]) -> str:
    """The code answer that returns a policy."""
    return f"def repaired():\n    return {statements!r}\n"


def exactly(call: dict[str, Any], effect: str) -> dict[str, Any]:
    """A statement about one call alone."""
    made = {
        "Effect": effect,
        "Principal": call["who"],
        "Action": [call["action"]],
        "Resource": [call["resource"]],
    }
    tests = {str: "StringEquals", int: "NumericEquals"}
    bounds = {tests[type(value)]: {key: value} for key, value in call.get("context", {}).items()}
    return made | ({"Condition": bounds} if bounds else {})
