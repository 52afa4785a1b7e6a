"""Pay arithmetic by properties: part-time halves, currency is linear, unpaid hours cost."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from labelschool import course
from labelschool.career import pay
from labelschool.career.pay import asking, change, changed, months_left, offer
from labelschool.errors import LabelSchoolError

FACTS = {
    fact["id"]: fact
    for fact in json.loads((course.root() / "content" / "facts.json").read_text(encoding="utf-8"))[
        "facts"
    ]
}

amounts = st.floats(0.01, 1e6)
weeks = st.floats(1, 60)
extra = st.floats(0, 40)
rates = st.floats(0.001, 1000)
minutes = st.floats(0.05, 60)
units = st.sampled_from(["hour", "month", "year", "label"])


def close(value):
    return pytest.approx(value, rel=1e-9)


class TestOffer:
    def test_a_rate_by_the_hour_full_time(self):
        found = offer(20, "hour")
        assert (found.hourly, found.yearly) == (20, 41_600)
        assert found.monthly == close(3466.6666667)

    def test_a_salary_is_quoted_for_full_time(self):
        assert offer(52_000, "year").hourly == close(25)
        assert offer(3600, "month").yearly == 43_200

    def test_a_price_per_label_and_its_minutes(self):
        found = offer(0.05, "label", minutes=0.2, unpaid=10)
        assert (found.yearly, found.hourly) == (close(31_200), close(12))

    @given(amounts, units, weeks, extra, minutes)
    def test_half_the_hours_bring_half_the_sum(self, amount, per, hours, unpaid, each):
        whole = offer(amount, per, hours=hours, unpaid=unpaid, minutes=each)
        half = offer(amount, per, hours=hours / 2, unpaid=unpaid / 2, minutes=each)
        assert half.yearly == close(whole.yearly / 2)
        assert half.monthly == close(whole.monthly / 2)
        assert half.hourly == close(whole.hourly)

    @given(amounts, units, weeks, extra, rates)
    def test_a_currency_is_a_factor_of_every_sum(self, amount, per, hours, unpaid, rate):
        own = offer(amount, per, hours=hours, unpaid=unpaid, minutes=1)
        other = offer(amount, per, hours=hours, unpaid=unpaid, minutes=1, rate=rate)
        for name in ("hourly", "monthly", "yearly"):
            assert getattr(other, name) == close(rate * getattr(own, name))

    @given(amounts, units, weeks, st.floats(0.1, 40))
    def test_unpaid_hours_lower_the_hour_and_leave_the_year(self, amount, per, hours, unpaid):
        paid = offer(amount, per, hours=hours, minutes=2)
        searched = offer(amount, per, hours=hours, unpaid=unpaid, minutes=2)
        assert searched.hourly < paid.hourly
        assert searched.hourly * (hours + unpaid) == close(paid.hourly * hours)
        assert searched.yearly == paid.yearly

    @given(amounts, weeks, minutes)
    def test_twice_the_minutes_halve_a_piece_rate(self, price, hours, each):
        quick = offer(price, "label", hours=hours, minutes=each)
        slow = offer(price, "label", hours=hours, minutes=2 * each)
        assert slow.hourly == close(quick.hourly / 2)

    @given(amounts, units, weeks, extra)
    def test_hour_month_and_year_are_one_sum(self, amount, per, hours, unpaid):
        found = offer(amount, per, hours=hours, unpaid=unpaid, minutes=3)
        assert found.yearly == close(12 * found.monthly)
        assert found.yearly == close(52 * (hours + unpaid) * found.hourly)

    def test_the_year_of_the_figure_stays_with_it(self):
        assert offer(20, year=2024).year == 2024
        assert offer(20).year is None

    @pytest.mark.parametrize(
        ("settings", "says"),
        [
            ({"per": "day"}, "not per 'day'"),
            ({"per": "label"}, "minutes"),
            ({"per": "label", "minutes": 0}, "minutes has to be above 0"),
            ({"hours": 0}, "hours has to be above 0"),
            ({"unpaid": -1}, "unpaid cannot be -1"),
            ({"rate": 0}, "rate has to be above 0"),
            ({"rate": math.inf}, "rate has to be above 0"),
            ({"amount": math.nan}, "amount cannot be nan"),
        ],
    )
    def test_what_cannot_be_is_told(self, settings, says):
        with pytest.raises(LabelSchoolError, match=says):
            offer(**{"amount": 20} | settings)


class TestBothDirections:
    @given(amounts, units, weeks, rates, minutes)
    def test_asking_undoes_an_offer(self, amount, per, hours, rate, each):
        found = offer(amount, per, hours=hours, rate=rate, minutes=each)
        asked = asking(found.yearly, per, hours=hours, rate=rate, minutes=each)
        assert asked == close(amount)

    @given(st.floats(1, 1e4), st.floats(1, 1e4))
    def test_there_and_back_is_where_one_was(self, new, present):
        assert changed(present, change(new, present)) == close(new)
        assert (1 + change(new, present)) * (1 + change(present, new)) == close(1)

    @given(amounts, st.floats(-0.95, -0.01))
    def test_the_way_back_is_longer_than_the_fall(self, present, share):
        assert change(present, changed(present, share)) > -share

    def test_no_change_against_nothing(self):
        with pytest.raises(LabelSchoolError, match="present has to be above 0"):
            change(10, 0)


class TestStopRule:
    def test_savings_above_the_reserve_are_spent_month_by_month(self):
        assert months_left(9_000, 1_000, 0, 3) == 6
        assert months_left(9_000, 1_000, 400, 3) == 10

    def test_income_that_covers_the_costs_has_no_end(self):
        assert months_left(0, 1_000, 1_000) == math.inf

    def test_no_start_without_the_reserve_even_with_an_income(self):
        assert months_left(2_999, 1_000, 5_000, 3) == 0

    @given(st.floats(0, 1e6), st.floats(1, 1e5), st.floats(0, 0.95), st.floats(0, 12))
    def test_what_is_left_then_is_the_reserve(self, savings, costs, share, reserve):
        assume(savings > reserve * costs)
        months = months_left(savings, costs, share * costs, reserve)
        left = savings - months * (1 - share) * costs
        assert left == pytest.approx(reserve * costs, rel=1e-6, abs=1e-3)

    @given(st.floats(1, 1e6), st.floats(1, 1e5), rates)
    def test_the_currency_does_not_matter(self, savings, costs, rate):
        assert months_left(rate * savings, rate * costs) == close(months_left(savings, costs))


class TestPublished:
    def test_figures_are_those_of_the_facts(self):
        assert f"~${pay.MTURK_HOURLY:.0f}/h" in FACTS["F56"]["fact"]
        labelling, experts, computer, everybody = pay.published("United States")
        assert f"${labelling.low:.0f}-{labelling.high:.0f}/h" in FACTS["F63"]["fact"]
        assert f"${experts.low:.0f}-{experts.high:.0f}/h" in FACTS["F63"]["fact"]
        assert f"${computer.low:,.0f}" in FACTS["F66"]["fact"]
        assert f"${everybody.low:,.0f}" in FACTS["F66"]["fact"]
        for one in pay.published("United States"):
            assert one.source.split(",")[0] in FACTS[one.fact]["source"]

    def test_the_changes_of_f67_are_computed(self):
        median = pay.hourly_of_year(pay.COMPUTER_YEARLY)
        ends = [round(changed(median, share), 1) for share in (-0.5, -0.3)]
        assert "${}-{}/h".format(*ends) in FACTS["F67"]["fact"]
        for hourly in (20, 15):
            assert f"${hourly}/h is {change(hourly, median):.0%}" in FACTS["F67"]["fact"]

    def test_other_countries_have_no_figure_and_are_asked_for_an_ad(self):
        assert pay.published("Portugal") == ()
        said = pay.no_figures("Portugal")
        assert "no figure we could cite for Portugal" in said
        assert "advertisement" in said
