"""Demos of lesson 1.7: `salary`, an offer against the present pay in both directions, and
`savings`, how long a transition may last. The arithmetic is that of `labelschool.pay`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from labelschool import pay
from labelschool.demos.frame import Frame, escape, note, words
from labelschool.demos.numbers import percent
from labelschool.errors import LabelSchoolError
from labelschool.widgets.form import Field, Form, Handle, Line, Plot

UNITED_STATES = "United States"
OTHER = "another country"
UNITS: Mapping[str, pay.Per] = {"an hour": "hour", "a label, in hundredths": "label"}
TOP_RATE = 100
TOP_HOURS = 60
TOP_MONTHS = 24

OFFER = {
    "country": UNITED_STATES,
    "present": pay.COMPUTER_YEARLY,
    "per": "an hour",
    "amount": 20,
    "hours": 40,
    "unpaid": 4,
    "minutes": 1,
    "rate": 1,
    "year": 2026,
    "accepted": -30,
}
"""What stands in the form at first: the median salary of F66 and a rate quoted in F63."""

RUNWAY = {"savings": 9, "income": 30, "reserve": 3}


# An offer in both directions --------------------------------------------------------------------


def salary() -> Frame:
    """An offer against the present salary, and the offer that an accepted change asks for."""
    return Frame("demo salary", "An offer against your salary", _salary)


def _salary() -> list[widgets.Widget]:
    said = words(live=True)
    form = Form(
        title="An offer, both directions",
        fields=[
            Field(
                name="country",
                kind="choice",
                label="The present salary is from",
                options=(UNITED_STATES, OTHER),
            ),
            Field(name="present", kind="number", label="Present salary a year, before tax", min=1),
            Field(name="per", kind="choice", label="The ad pays per", options=tuple(UNITS)),
            Field(
                name="amount",
                kind="number",
                label="The ad's figure",
                help="in the ad's currency; for a label in hundredths of it, so 3 is 0.03",
                min=0,
                step=0.5,
            ),
            _slider("hours", "Paid hours a week", 1, TOP_HOURS, 1),
            _slider("unpaid", "Unpaid hours a week", 0, 30, 1, "search, tests, rejected work"),
            Field(
                name="minutes", kind="number", label="Minutes a label", min=0.01, help="piece rate"
            ),
            Field(
                name="rate",
                kind="number",
                label="One unit of the ad's currency in yours",
                min=0.0001,
                help="1 if it is the same; look it up, and note the day",
            ),
            Field(name="year", kind="number", label="Year of the ad's figure", min=2000, step=1),
            _slider("accepted", "The change you would accept, in %", -90, 50, 5),
        ],
        values=OFFER,
        plot=Plot(
            label="Paid hours a week against the ad's figure. Solid curve: keeps the present "
            "salary. Dashed curve: the change you would accept.",
            handles=(Handle(x="hours", y="amount"),),
            x=(0, TOP_HOURS),
            y=(0, TOP_RATE),
            x_label="paid hours a week",
            y_label="the ad's figure",
        ),
        changed=lambda values: show(values),
    )

    def show(values: Mapping[str, Any]) -> None:
        try:
            form.lines = [list(line) for line in salary_lines(values)]
            said.value = salary_note(values)
        except LabelSchoolError as error:
            said.value = note(escape(error), "wrong")

    show(OFFER)
    intro = (
        "<p>Drag the handle: to the right are more paid hours, upwards is a better rate. On the "
        "solid curve your yearly sum stays what it is; on the dashed one it changes by what you "
        "would accept.</p>"
    )
    return [words(intro), said, form]


def salary_lines(values: Mapping[str, Any]) -> tuple[Line, Line]:
    """The figures an ad has to name at 5 to 60 paid hours: for the same yearly sum, and for the
    accepted change.
    """
    given = _given(values)

    def curve(yearly: float) -> Line:
        points = ((hours, _asking(given, yearly, hours)) for hours in range(5, TOP_HOURS + 1))
        return [point for point in points if point[1] <= TOP_RATE]

    return curve(given["present"]), curve(_accepted(given))


def salary_note(values: Mapping[str, Any]) -> str:
    """What the offer comes to and changes, then what the ad would have to say, as HTML."""
    given = _given(values)
    per = UNITS[given["per"]]
    found = pay.offer(
        _units(given["amount"], per),
        per,
        hours=given["hours"],
        unpaid=given["unpaid"],
        rate=given["rate"],
        minutes=given["minutes"],
        year=int(given["year"]),
    )
    share = pay.change(found.yearly, given["present"])
    back = ""
    if 0 < found.yearly < given["present"]:
        raised = percent(pay.change(given["present"], found.yearly))
        back = f", and the way back would be a rise of {raised}"
    asked = _asking(given, _accepted(given), given["hours"])
    unit = "an hour" if per == "hour" else "hundredths a label"
    told = [
        f"<b>From the ad to you:</b> {found.yearly:,.0f} a year, {found.monthly:,.0f} a month, "
        f"{found.hourly:,.2f} for every hour at the desk. Against your salary this is "
        f"<b>{100 * share:+.0f} %</b> a year{back}. The ad's figure is of {found.year}; prices "
        "since then are not in it.",
        f"<b>From you to the ad:</b> for a change of {given['accepted']:+.0f} % at "
        f"{given['hours']:g} paid hours, the ad has to say <b>{asked:,.2f} {unit}</b>.",
    ]
    if not pay.published(given["country"]):
        told.append(f"<b>{escape(pay.no_figures('your country'))}</b>")
    return note("".join(f"<p>{line}</p>" for line in told))


def _accepted(given: Mapping[str, Any]) -> float:
    return pay.changed(given["present"], given["accepted"] / 100)


def _asking(given: Mapping[str, Any], yearly: float, hours: float) -> float:
    """The ad's figure in the unit of the form."""
    per = UNITS[given["per"]]
    amount = pay.asking(yearly, per, hours=hours, rate=given["rate"], minutes=given["minutes"])
    return amount * (100 if per == "label" else 1)


def _units(amount: float, per: pay.Per) -> float:
    return amount / 100 if per == "label" else amount


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with what an emptied field held at first."""
    return OFFER | {name: value for name, value in values.items() if value is not None}


# Savings ----------------------------------------------------------------------------------------


def savings() -> Frame:
    """How many months savings last, with a reserve that ends the attempt."""
    return Frame("demo savings", "How long savings last", _savings)


def _savings() -> list[widgets.Widget]:
    said = words(live=True)
    form = Form(
        title="The stop rule, in months of what you spend",
        fields=[
            _slider("savings", "Savings, in months of costs", 0, TOP_MONTHS, 0.5),
            _slider("income", "New work pays this share of the costs, in %", 0, 100, 5),
            _slider("reserve", "Reserve never touched, in months", 0, 12, 0.5),
        ],
        values=RUNWAY,
        plot=Plot(
            label="Savings month by month, falling to the reserve",
            handles=(Handle(y="savings"), Handle(y="reserve")),
            x=(0, TOP_MONTHS),
            y=(0, TOP_MONTHS),
            x_label="months from now",
            y_label="months of costs saved",
        ),
        changed=lambda values: show(values),
    )

    def show(values: Mapping[str, Any]) -> None:
        form.lines = [list(line) for line in savings_lines(values)]
        said.value = savings_note(values)

    show(RUNWAY)
    return [said, form]


def savings_lines(values: Mapping[str, Any]) -> tuple[Line, Line]:
    """The savings from month to month until they meet the reserve, and the reserve."""
    saved, income, reserve = _runway(values)
    end = min(pay.months_left(saved, 1, income, reserve), TOP_MONTHS)
    left = saved - end * max(1 - income, 0)
    return [(0, saved), (end, left)], [(0, reserve), (TOP_MONTHS, reserve)]


def savings_note(values: Mapping[str, Any]) -> str:
    """When to stop, as HTML."""
    saved, income, reserve = _runway(values)
    months = pay.months_left(saved, 1, income, reserve)
    if math.isinf(months):
        return note("<b>The new work covers the costs.</b> Money alone does not stop you.", "right")
    if months == 0:
        return note("<b>Stop before you start:</b> the reserve is not there yet.", "wrong")
    alone = pay.months_left(saved, 1, 0, reserve)
    return note(
        f"<b>Stop after {months:.1f} months</b>, counted from the day your present pay ends. "
        f"Without any new income it would be {alone:.1f}."
    )


def _runway(values: Mapping[str, Any]) -> tuple[float, float, float]:
    """Savings and reserve in months of costs, the income as a share of them."""
    given = RUNWAY | {name: value for name, value in values.items() if value is not None}
    return given["savings"], given["income"] / 100, given["reserve"]


def _slider(
    name: str, label: str, low: float, high: float, step: float, help_text: str = ""
) -> Field:
    return Field(
        name=name, kind="slider", label=label, min=low, max=high, step=step, help=help_text
    )
