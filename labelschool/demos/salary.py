"""Demos of lesson 1.7: `salary`, an offer against the present pay in both directions, and
`savings`, how long a transition may last. The arithmetic is that of `labelschool.career.pay`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets as widgets

from labelschool.career import pay
from labelschool.demos.frame import Frame, escape, note, svg, words
from labelschool.demos.numbers import percent, plain
from labelschool.widgets.form import Field, Form, Handle, Line, Plot

UNITED_STATES = "United States"
OTHER = "another country"
UNITS: Mapping[str, pay.Per] = {"an hour": "hour", "a label, in hundredths": "label"}
TOP_HOURS = 60
LONG_WEEK = 80
"""Hours a week, paid and unpaid, above which the note says what they come to a day."""
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
    "accepted": -30,
}
"""What stands in the form at first: the median salary of F66 and a rate quoted in F63."""

RUNWAY = {"savings": 9, "income": 30, "reserve": 3}


def refusals(fields: Sequence[Field], values: Mapping[str, Any]) -> list[str]:
    """A sentence for each number that is missing or below what can be, by the field's label."""
    told = []
    for field in fields:
        value = values.get(field.name)
        if field.min is None:
            continue
        if value is None:
            told.append(f"“{field.label}” is empty. Fill it in.")
        elif value < field.min:
            told.append(f"“{field.label}” is {plain(field.min)} or more, not {plain(value)}.")
    return told


def _refused(told: Sequence[str]) -> str:
    return note("".join(f"<p>{escape(sentence)}</p>" for sentence in told), "wrong")


def _slider(name: str, label: str, low: float, high: float, step: float) -> Field:
    return Field(name=name, kind="slider", label=label, min=low, max=high, step=step)


# An offer in both directions --------------------------------------------------------------------

FIELDS = (
    Field(
        name="country",
        kind="choice",
        label="The present salary is from",
        options=(UNITED_STATES, OTHER),
    ),
    Field(name="per", kind="choice", label="The ad pays per", options=tuple(UNITS)),
    Field(name="present", kind="number", label="Present salary a year, before tax", min=1),
    Field(
        name="amount",
        kind="number",
        label="The ad's figure",
        help="for a label in hundredths, so 3 is 0.03",
        min=0,
        step=0.5,
    ),
    _slider("hours", "Paid hours a week", 1, TOP_HOURS, 1),
    _slider("unpaid", "Unpaid hours: search, tests, rejections", 0, 30, 1),
    Field(
        name="rate",
        kind="number",
        label="One unit of the ad's currency in yours",
        help="1 if it is the same",
        min=0.0001,
    ),
    Field(name="minutes", kind="number", label="Minutes a label, if paid by the label", min=0.01),
    _slider("accepted", "The change you would accept, in %", -90, 50, 5),
)


def salary() -> Frame:
    """An offer against the present salary, and the offer that an accepted change asks for."""
    return Frame("demo salary", "An offer against your salary", _salary)


def _salary() -> list[widgets.Widget]:
    said, drawn = words(live=True), words()
    form = Form(
        title="An offer, both directions",
        fields=FIELDS,
        values=OFFER,
        changed=lambda values: show(values),
    )

    def show(values: Mapping[str, Any]) -> None:
        told = salary_refusals(values)
        said.value = _refused(told) if told else salary_note(values)
        drawn.value = "" if told else salary_figure(values)

    show(OFFER)
    return [form, said, drawn]


def salary_refusals(values: Mapping[str, Any]) -> list[str]:
    """What cannot be reckoned with; the minutes of a label count where one is paid by the label."""
    by_label = UNITS[values["per"]] == "label"
    told = refusals([field for field in FIELDS if by_label or field.name != "minutes"], values)
    if not told and (week := values["hours"] + values["unpaid"]) > pay.HOURS_PER_WEEK:
        told.append(
            f"Paid and unpaid hours come to {plain(week)}, and a week has {pay.HOURS_PER_WEEK}."
        )
    return told


def salary_note(values: Mapping[str, Any]) -> str:
    """What the offer comes to and changes, then what the ad would have to say, as HTML."""
    per = UNITS[values["per"]]
    found = pay.offer(
        _units(values["amount"], per),
        per,
        hours=values["hours"],
        unpaid=values["unpaid"],
        rate=values["rate"],
        minutes=values["minutes"],
    )
    share = pay.change(found.yearly, values["present"])
    back = ""
    if 0 < found.yearly < values["present"]:
        raised = percent(pay.change(values["present"], found.yearly))
        back = f", and the way back would be a rise of {raised}"
    asked = _asking(values, _accepted(values), values["hours"])
    unit = "an hour" if per == "hour" else "hundredths a label"
    told = [
        f"<b>From the ad to you:</b> {found.yearly:,.0f} a year, {found.monthly:,.0f} a month, "
        f"{found.hourly:,.2f} for every hour at the desk. Against your salary this is "
        f"<b>{100 * share:+.0f} %</b> a year{back}.",
        f"<b>From you to the ad:</b> for a change of {values['accepted']:+.0f} % at "
        f"{values['hours']:g} paid hours, the ad has to say <b>{asked:,.2f} {unit}</b>.",
    ]
    if (week := values["hours"] + values["unpaid"]) > LONG_WEEK:
        told.append(
            f"{plain(week)} hours a week are {week / 7:.0f} a day, on all seven days. "
            "Would you keep that up for a year?"
        )
    if not pay.published(values["country"]):
        told.append(f"<b>{escape(pay.no_figures('your country'))}</b>")
    return note("".join(f"<p>{line}</p>" for line in told))


def salary_lines(values: Mapping[str, Any], top: float, longest: float) -> tuple[Line, Line]:
    """The figures up to `top` that an ad has to name at up to `longest` paid hours: for the same
    yearly sum, and for the accepted change.
    """

    def curve(yearly: float) -> Line:
        first = min(_asking(values, yearly, 1) / top, longest)
        steps = (first + (longest - first) * n / 50 for n in range(51))
        return [(hours, _asking(values, yearly, hours)) for hours in steps if hours > 0]

    return curve(values["present"]), curve(_accepted(values))


def salary_figure(values: Mapping[str, Any]) -> str:
    """The ad as a dot between the two curves, as SVG; its axes reach as far as the values do."""
    hours, amount = values["hours"], values["amount"]
    longest = max(TOP_HOURS, hours)
    asked = [_asking(values, sum_, hours) for sum_ in (values["present"], _accepted(values))]
    top = 1.5 * max(amount, *asked)

    def at(point: tuple[float, float]) -> str:
        return f"{60 + 600 * point[0] / longest:.1f},{220 - 190 * point[1] / top:.1f}"

    same, accepted = (" ".join(map(at, line)) for line in salary_lines(values, top, longest))
    left, level = at((hours, amount)).split(",")
    line = 'fill="none" stroke="var(--lsd-ink)" stroke-width="2"'
    body = (
        '<path d="M60 24V220H664" fill="none" stroke="var(--lsd-line)" stroke-width="1.5"/>'
        f'<polyline points="{same}" {line}/>'
        f'<polyline points="{accepted}" {line} stroke-dasharray="8 4"/>'
        f'<path d="M{left} 220V{level}H60" fill="none" stroke="var(--lsd-accent)" '
        'stroke-dasharray="4 3"/>'
        f'<circle cx="{left}" cy="{level}" r="8" fill="var(--lsd-accent)"/>'
        f'<text x="60" y="16">the ad\'s figure, up to {plain(float(f"{top:.2g}"))}</text>'
        '<text x="52" y="224" text-anchor="end">0</text>'
        f'<text x="664" y="240" text-anchor="end">paid hours a week, up to {plain(longest)}</text>'
    )
    said = (
        f"Paid hours a week against the ad's figure. The ad: {plain(amount)} at {plain(hours)} "
        f"hours. At these hours the solid curve stands at {asked[0]:,.2f}, the dashed one at "
        f"{asked[1]:,.2f}."
    )
    caption = (
        '<p class="lsd-soft">The dot is the ad. On the solid curve your yearly sum stays what it '
        "is; on the dashed one it changes by what you would accept. Move the hours and see how "
        "far the dot is from both.</p>"
    )
    return svg(720, 246, said, body) + caption


def _accepted(values: Mapping[str, Any]) -> float:
    return pay.changed(values["present"], values["accepted"] / 100)


def _asking(values: Mapping[str, Any], yearly: float, hours: float) -> float:
    """The ad's figure in the unit of the form."""
    per = UNITS[values["per"]]
    amount = pay.asking(yearly, per, hours=hours, rate=values["rate"], minutes=values["minutes"])
    return amount * (100 if per == "label" else 1)


def _units(amount: float, per: pay.Per) -> float:
    return amount / 100 if per == "label" else amount


# Savings ----------------------------------------------------------------------------------------


def savings() -> Frame:
    """How many months savings last, with a reserve that ends the attempt."""
    return Frame("demo savings", "How long savings last", _savings)


def _savings() -> list[widgets.Widget]:
    said = words(live=True)
    fields = (
        _slider("savings", "Savings, in months of costs", 0, TOP_MONTHS, 0.5),
        _slider("income", "New work pays this share of the costs, in %", 0, 100, 5),
        _slider("reserve", "Reserve never touched, in months", 0, 12, 0.5),
    )
    form = Form(
        title="The stop rule, in months of what you spend",
        fields=fields,
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
        if told := refusals(fields, values):
            said.value = _refused(told)
            return
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
    return values["savings"], values["income"] / 100, values["reserve"]
