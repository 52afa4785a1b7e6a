"""Demos of module 1 about money and time: `pay`, `decide` and `cost`.

The times and rates are published figures; `content/facts.json` has their sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ipywidgets as widgets

from labelschool.career.pay import (
    COMPUTER_YEARLY,
    LABELLING_HOURLY,
    MTURK_HOURLY,
    change,
    hourly_of_year,
)
from labelschool.demos.frame import Frame, escape, note, row, svg, words
from labelschool.demos.numbers import percent, plain, read_number
from labelschool.demos.shift import END, Shift, finished_shift, measured_pace

WIDTH = 720


# Pay ---------------------------------------------------------------------------------------------


def hourly_pay(price: float, seconds: float, unpaid: float = 0) -> float:
    """Pay per hour at `price` an item and `seconds` an item.

    `unpaid` is the minutes of search, reading and rejected work for each hour that is paid.
    """
    return at_the_desk(price * 3600 / seconds, unpaid)


def at_the_desk(hourly: float, unpaid: float) -> float:
    """What an hour at the desk earns when `unpaid` minutes come with every paid hour."""
    return hourly * 60 / (60 + unpaid)


def price_per_item(hourly: float, seconds: float) -> float:
    """What one item costs at an hourly rate and a pace in seconds an item."""
    return hourly * seconds / 3600


def cents(*hourly: float, seconds: float) -> str:
    """What an item costs at one or two hourly rates: ``3.3 to 4.4 cents``."""
    prices = [100 * price_per_item(rate, seconds) for rate in hourly]
    return " to ".join(f"{price:.2g}" for price in prices) + " cents"


def dollars(*amounts: float) -> str:
    """One or two sums: ``$15 to $20``, and with cents in both as soon as one has some."""
    digits = 0 if all(abs(amount - round(amount)) < 0.005 for amount in amounts) else 2
    return " to ".join(f"${amount:,.{digits}f}" for amount in amounts)


@dataclass(frozen=True)
class Bar:
    """One line of a bar figure: a low and a high end, and what is written beside it."""

    label: str
    low: float
    high: float
    text: str
    detail: str = ""


def bars(lines: Sequence[Bar], description: str, *, end: float = 0, room: int = 270) -> str:
    """Horizontal bars from zero; the stretch between the low and the high end is lighter.

    The axis is `room` px long and ends at `end`, or at the longest bar if that is more.
    """
    top = max([line.high for line in lines] + [end, 1e-9])
    left, step = 236, 46
    body = []
    for n, line in enumerate(lines):
        y = 6 + n * step
        low, high = room * line.low / top, room * line.high / top
        body.append(
            f'<text x="0" y="{y + 14}">{escape(line.label)}</text>'
            f'<text x="0" y="{y + 30}" class="soft" style="font-size:11.5px">'
            f"{escape(line.detail)}</text>"
            f'<rect x="{left}" y="{y}" width="{max(high, 2):.1f}" height="24" rx="2" '
            'fill="var(--lsd-accent)" opacity="0.45"/>'
            f'<rect x="{left}" y="{y}" width="{max(low, 2):.1f}" height="24" rx="2" '
            'fill="var(--lsd-accent)"/>'
            f'<text x="{left + max(high, 2) + 8:.1f}" y="{y + 17}">{escape(line.text)}</text>'
        )
    return svg(WIDTH, 6 + len(lines) * step, description, "".join(body))


def pay_lines(seconds: float, unpaid: float) -> list[Bar]:
    """The three cited rates at a pace: pay per hour at the desk, and the price of one item."""
    salary = hourly_of_year(COMPUTER_YEARLY)
    ends = [at_the_desk(rate, unpaid) for rate in LABELLING_HOURLY]
    return [
        Bar(
            "Crowd platform, median",
            MTURK_HOURLY,
            MTURK_HOURLY,
            f"{dollars(MTURK_HOURLY)} an hour: {cents(MTURK_HOURLY, seconds=seconds)} an item",
            "Hara et al. 2018",
        ),
        Bar(
            "General labelling, as quoted",
            *ends,
            f"{dollars(*ends)} an hour: {cents(*LABELLING_HOURLY, seconds=seconds)} an item",
            "pin.com, recruiter's claim, 2025-26",
        ),
        Bar(
            "Computer occupations, median",
            salary,
            salary,
            f"{dollars(salary)} an hour",
            "BLS, May 2024, 2,080 h a year",
        ),
    ]


NO_FIGURES = (
    "<b>We have no figure we could cite for your country.</b> A converted dollar rate would be a "
    "guess. Find one advertisement you could answer tonight and enter what it pays."
)


def _ends(shift: Shift) -> str:
    """How the first and the last crops of a shift compare."""
    first, last = shift.first, shift.last
    return (
        f"<b>{shift.right} of {shift.items}</b> are right. The first {END} took you "
        f"{first.seconds:.1f} s each, {first.wrong} of them not right; the last {END} "
        f"took {last.seconds:.1f} s each, {last.wrong} not right. One or two more may be chance."
    )


def _finished(seconds: float, shift: Shift | None) -> str:
    """What a pace comes to in an hour, and that a shift below the pass mark earns nothing."""
    an_hour = f"<b>{3600 / seconds:,.0f} items an hour</b>"
    if shift is None or shift.passed:
        return f"At {seconds:.1f} s you finish {an_hour}."
    return (
        f"<b>Your shift did not pass, so this batch would come back</b>: {shift.right} of "
        f"{shift.items} right earns nothing until the others are mended, in your time. Had it "
        f"passed, {seconds:.1f} s an item would be {an_hour}."
    )


def pay() -> Frame:
    """The learner's own pace as hourly pay and as the price of one item."""
    return Frame("demo pay", "What your pace earns", _pay)


def _pay() -> list[widgets.Widget]:
    wide = widgets.Layout(width="min(520px, 98%)")
    style = {"description_width": "170px"}
    pace, shift = measured_pace(), finished_shift()
    place = widgets.ToggleButtons(
        options=["United States", "another country"], style={"button_width": "auto"}
    )
    seconds = widgets.FloatSlider(
        value=min(max(round(pace.seconds, 1), 1), 60) if pace else 8,
        min=1,
        max=60,
        step=0.1,
        readout_format=".1f",
        description="Seconds an item",
        layout=wide,
        style=style,
    )
    unpaid = widgets.IntSlider(
        value=0, min=0, max=60, description="Unpaid min per paid hour", layout=wide, style=style
    )
    offer = widgets.Text(
        placeholder="0.03",
        description="An ad of your own pays",
        layout=widgets.Layout(width="250px"),
        style=style,
    )
    per = widgets.Dropdown(options=["an item", "an hour"], layout=widgets.Layout(width="110px"))
    source = (
        f"Measured in exercise 1.B: <b>{pace.seconds:.1f} s an item</b> over {pace.items} items, "
        "where gaps over 30 s count as 5 s: a whole evening is slower. The slider starts there."
        if pace
        else "No measured pace found beside this notebook, so the slider starts at 8 s. Tag some "
        "crops above and run this cell again, or set it by hand."
    )
    figure, said = words(), words(live=True)

    def show(_: object = None) -> None:
        lines = pay_lines(seconds.value, unpaid.value) if place.value == "United States" else []
        given = read_number(offer.value)
        if given is not None and given > 0:
            piece = per.value == "an item"
            paid = given * 3600 / seconds.value if piece else given
            own = at_the_desk(paid, unpaid.value)
            price = given if piece else price_per_item(given, seconds.value)
            text = f"{own:,.2f} an hour: {plain(price)} an item"
            lines.append(Bar("Your advertisement", own, own, text, "in its own currency"))
        figure.value = bars(lines, "Hourly pay at your pace") if lines else ""
        finished = _finished(seconds.value, shift)
        if place.value == "United States":
            low, high = (change(rate, hourly_of_year(COMPUTER_YEARLY)) for rate in LABELLING_HOURLY)
            said.value = note(
                f"{finished} The quoted labelling rates lie {100 * -high:.0f} to {percent(-low)} "
                "below the median of computer occupations, before any unpaid minute. Unpaid "
                f"minutes lower what is paid for work on offer. The {dollars(MTURK_HOURLY)} stay: "
                "they are what people were found to earn, not an offer. So does the salary, which "
                "pays its hours."
            )
        else:
            said.value = note(f"{NO_FIGURES} {finished}")

    for control in (place, seconds, unpaid, offer, per):
        control.observe(show, names="value")
    show()
    told = words("".join(f"<p>{part}</p>" for part in [source, *([_ends(shift)] if shift else [])]))
    return [told, place, seconds, unpaid, row(offer, per), figure, said]


# Go, wait, stop ----------------------------------------------------------------------------------

DECISIONS = {
    "Go": (
        "Would you do tonight's shift again tomorrow, for the pay you just saw, if the way led to "
        "quality work or data operations?",
        "A yes is enough. Open lesson 1.1 when you are rested; it needs 30 minutes.",
    ),
    "Wait": (
        "What has to be true first, and on which date will you know it?",
        "Write both down: savings for how many months, hours a week, one advertisement from your "
        "own country. A wait without a date is a stop that takes longer.",
    ),
    "Stop": (
        "What did tonight show you that no advertisement said?",
        "This counts as a success. You decided on your own data, after one evening and not after "
        "half a year. What you learned about labels is still of use: you can judge the data you "
        "are given.",
    ),
}


def decide() -> Frame:
    """Go, wait or stop, with one honest question each."""
    return Frame("demo decide", "Go, wait or stop", _decide)


def _decide() -> list[widgets.Widget]:
    choice = widgets.ToggleButtons(
        options=list(DECISIONS), value=None, style={"button_width": "auto"}
    )
    said = words(live=True)

    def choose(change: dict) -> None:
        question, then = DECISIONS[change["new"]]
        said.value = note(
            f"<p><b>{change['new']}.</b> {escape(question)}</p>{escape(then)}", "right"
        )

    choice.observe(choose, names="value")
    hint = words("<p class='lsd-soft'>Choose one; you may change it. Nothing is stored.</p>")
    return [hint, choice, said]


# Cost --------------------------------------------------------------------------------------------

MASK_BY_HAND = 79.0  # Lin et al. 2014 (F01)
BOX_VERIFIED = 34.5  # Su, Deng and Fei-Fei 2012 (F07)
MASK_ASSISTED = 14.0  # Kirillov et al. 2023 (F09)
BOX_EXTREME = 7.0  # Papadopoulos et al. 2017 (F06)
OBJECTS = (1000, 2000, 5000, 10_000, 15_000)
LOOK = 1.6  # yes or no on a proposed box, Papadopoulos et al. 2016 (F10)


def cost_hours(objects: float, seconds: float) -> float:
    """Hours for a number of objects at seconds each."""
    return objects * seconds / 3600


def proposal_seconds(good: float, look: float = LOOK, draw: float = BOX_EXTREME) -> float:
    """Seconds per object when a share `good` of the proposals stands and the rest is redrawn."""
    return look + (1 - good) * draw


def break_even(look: float = LOOK, draw: float = BOX_EXTREME) -> float:
    """The share of good proposals below which drawing all of them is cheaper."""
    return look / draw


def rounded_hours(hours: float, objects: float) -> tuple[float, str]:
    """Hours as they are written, one more digit for small jobs, and the number that stands there.

    Differences are taken of these numbers, so that what is read adds up.
    """
    digits = 1 if objects >= 10_000 else 2
    return round(hours, digits), f"{hours:,.{digits}f} h"


def cost() -> Frame:
    """What a number of objects costs as mask, box or checked proposal."""
    return Frame("demo cost", "What a label costs", _cost)


def _cost() -> list[widgets.Widget]:
    wide, style = widgets.Layout(width="min(520px, 98%)"), {"description_width": "170px"}
    objects = widgets.SelectionSlider(
        options=[(f"{n:,}", n) for n in OBJECTS],
        value=10_000,
        description="Objects",
        layout=wide,
        style=style,
    )
    good = widgets.IntSlider(
        value=80, min=0, max=100, step=5, description="Good proposals, %", layout=wide, style=style
    )
    figure, said = words(), words(live=True)

    def show(_: object = None) -> None:
        def line(label: str, seconds: float, source: str, sure: float | None = None) -> Bar:
            hours = cost_hours(objects.value, seconds)
            low = hours if sure is None else cost_hours(objects.value, sure)
            _, text = rounded_hours(hours, objects.value)
            return Bar(label, low, hours, f"{text} ({seconds:.3g} s each)", source)

        share = good.value / 100
        mixed = proposal_seconds(share)
        figure.value = bars(
            [
                line("Mask by hand", MASK_BY_HAND, "Lin et al. 2014"),
                line("Box, drawn and verified", BOX_VERIFIED, "Su et al. 2012"),
                line("Mask, assisted", MASK_ASSISTED, "Kirillov et al. 2023"),
                line("Box by extreme clicks", BOX_EXTREME, "Papadopoulos et al. 2017"),
                line("Proposal, checked", mixed, "Papadopoulos et al. 2016 and 2017", LOOK),
            ],
            f"Hours for {objects.value:,} objects by kind of label",
            end=cost_hours(OBJECTS[-1], MASK_BY_HAND),
            room=336,
        )
        drawn, drawn_text = rounded_hours(cost_hours(objects.value, BOX_EXTREME), objects.value)
        checked, checked_text = rounded_hours(cost_hours(objects.value, mixed), objects.value)
        _, difference = rounded_hours(abs(checked - drawn), objects.value)
        word = "less" if checked < drawn else "more"
        said.value = note(
            f"With {good.value} % good proposals, checking costs <b>{checked_text}</b> and "
            f"drawing all boxes {drawn_text}: {difference} {word}. "
            "The solid part of the last bar is looking, the faint part is drawing anew. Both ways "
            f"cost the same at {percent(break_even())}."
        )

    for control in (objects, good):
        control.observe(show, names="value")
    show()
    return [objects, good, figure, said]
