"""The estimators against the golden twenty quotes, against lifelines, and against what must hold for any curve."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import warnings
from collections import Counter
from fractions import Fraction
from statistics import mean, median
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaocheng.insight.comparing import shrunk
from xiaocheng.insight.figures import wilson
from xiaocheng.insight.survival import Ages, Quantile

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines import AalenJohansenFitter, KaplanMeierFitter
    from lifelines.utils import median_survival_times, restricted_mean_survival_time

from .test_funnel import BACK, CONTRACT, LOST, OPEN

QUOTES = [
    *((left - entered, "contract") for entered, left in CONTRACT),
    *((left - entered, "lost") for entered, left in LOST),
    *((left - entered, "back") for entered, left in BACK),
    *((30 - entered, "") for entered in OPEN),
]
CLOSE = {"rel": 1e-9, "abs": 1e-9}
CAUSES = ("won", "lost", "back")
stays = st.lists(
    st.tuples(st.integers(0, 40).map(lambda tenths: tenths / 4), st.sampled_from(["", *CAUSES]), st.integers(1, 5)),
    min_size=1,
    max_size=40,
)


def counted(rows: list[tuple[float, str, int]]) -> Ages:
    found: Counter[tuple[float, str]] = Counter()
    for age, cause, n in rows:
        found[age, cause] += n
    return Ages.of(found)


@pytest.fixture
def quotes() -> Ages:
    return counted([(age, cause, 1) for age, cause in QUOTES])


# --- the golden twenty


def test_twenty_quotes_end_as_was_worked_out(quotes: Ages) -> None:
    assert quotes.n == 20
    assert [round(quotes.incidence(cause).value, 4) for cause in ("contract", "lost", "back")] == [0.67, 0.275, 0.055]
    assert round(quotes.incidence("contract", by=3).value, 4) == 0.45
    assert [round(quotes.incidence(cause, by=7).value, 4) for cause in ("contract", "lost", "back")] == [
        0.67,
        0.11,
        0.055,
    ]
    assert quotes.undecided == pytest.approx(0)


def test_twenty_quotes_last_as_was_worked_out(quotes: Ages) -> None:
    assert quotes.quantile(0.5) == Quantile(4.0, 3.0, 4.0)
    assert quotes.quantile(0.75).value == 6.0
    assert quotes.mean_until(14) == pytest.approx(5.275)


def test_twenty_quotes_told_without_the_open_ones_look_better_than_they_are(quotes: Ages) -> None:
    over = [(age, cause) for age, cause in QUOTES if cause]
    advanced = [age for age, cause in QUOTES if cause == "contract"]
    assert (mean(advanced), median(advanced)) == (3.0, 3)
    assert round(mean(age for age, _cause in over), 2) == 4.72
    assert round(len(advanced) / len(over), 3) == 0.722 > quotes.incidence("contract").value
    assert [round(float(bound), 3) for bound in wilson(13, 20)] == [0.433, 0.819]
    assert shrunk(13, 20, 0.5, 20) == 0.575


# --- against lifelines


def drawn_out(rows: list[tuple[float, str, int]]) -> tuple[list[float], list[str]]:
    return [age for age, _cause, n in rows for _ in range(n)], [cause for _age, cause, n in rows for _ in range(n)]


def agree(rows: list[tuple[float, str, int]]) -> None:
    ages = counted(rows)
    days, causes = drawn_out(rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = KaplanMeierFitter().fit(days, [cause != "" for cause in causes])
        weighted = KaplanMeierFitter().fit(
            [age for age, _c, _n in rows], [c != "" for _a, c, _n in rows], weights=[n for _a, _c, n in rows]
        )
        until = restricted_mean_survival_time(theirs, t=6.0)
    band = theirs.confidence_interval_.to_numpy()
    low, high = ages.band
    for at, day in enumerate(ages.days):
        row = theirs.survival_function_.index.get_loc(day)
        assert ages.lasting[at] == pytest.approx(theirs.survival_function_.iloc[row, 0], **CLOSE)
        assert ages.lasting[at] == pytest.approx(weighted.survival_function_.loc[day].iloc[0], **CLOSE)
        if 0 < ages.lasting[at] < 1:
            assert (low[at], high[at]) == pytest.approx(tuple(band[row]), **CLOSE)
    assert ages.mean_until(6.0) == pytest.approx(until, **CLOSE)
    half = theirs.median_survival_time_
    if not np.isclose(ages.lasting, 0.5).any():  # there theirs goes by the last digit
        assert ages.quantile(0.5).value == (None if math.isinf(half) else half)


@settings(max_examples=25, deadline=None)
@given(rows=stays)
def test_kaplan_meier_equals_lifelines_with_ties_and_weights(rows: Any) -> None:
    agree(rows)


@pytest.mark.parametrize(
    "rows",
    [
        [(3.0, "", 2), (7.0, "", 1)],  # nothing is over
        [(3.0, "won", 2), (7.0, "lost", 1), (9.0, "won", 4)],  # everything is
        [(5.0, "won", 1)],
        [(5.0, "", 1)],
        [(4.0, "won", 3), (4.0, "", 2)],  # over and seen until the same day
        [(0.0, "lost", 1), (0.0, "", 1), (8.0, "won", 1)],
    ],
)
def test_kaplan_meier_equals_lifelines_at_the_edges(rows: Any) -> None:
    agree(rows)


def test_the_interval_of_a_median_is_that_of_lifelines(quotes: Ages) -> None:
    days, causes = drawn_out([(age, cause, 1) for age, cause in QUOTES])
    theirs = KaplanMeierFitter().fit(days, [cause != "" for cause in causes])
    bounds = median_survival_times(theirs.confidence_interval_).to_numpy()[0]
    assert quotes.quantile(0.5)[1:] == tuple(bounds)


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(st.sampled_from(["", *CAUSES]), st.integers(1, 5)), min_size=1, max_size=30))
def test_aalen_johansen_and_its_interval_equal_lifelines(rows: Any) -> None:
    """Every age has one way to end here: lifelines moves what ends in two ways on the same day apart by chance."""
    ages = counted([(day + 1.0, cause, n) for day, (cause, n) in enumerate(rows)])
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        theirs = AalenJohansenFitter(calculate_variance=True).fit(
            [day + 1.0 for day in range(len(rows))],
            [CAUSES.index(cause) + 1 if cause else 0 for cause, _n in rows],
            event_of_interest=1,
            weights=[n for _cause, n in rows],
        )
    for day in ages.days:
        own = ages.incidence("won", by=float(day))
        assert own.value == pytest.approx(theirs.cumulative_density_.loc[day].iloc[0], **CLOSE)
        low, high = sorted(theirs.confidence_interval_.loc[day])
        if 0 < own.value < 1 and not math.isnan(low):
            assert (own.low, own.high) == pytest.approx((low, high), rel=1e-6, abs=1e-6)


# --- what holds for any curve


@settings(max_examples=50, deadline=None)
@given(rows=stays, by=st.floats(0, 12))
def test_all_ways_to_end_and_what_is_undecided_are_the_whole(rows: Any, by: float) -> None:
    ages = counted(rows)
    whole = sum(ages.incidence(cause).value for cause in CAUSES) + ages.undecided
    assert whole == pytest.approx(1)
    assert sum(ages.incidence(cause, by=by).value for cause in CAUSES) == pytest.approx(
        ages.incidence(*CAUSES, by=by).value
    )
    for cause in CAUSES:
        found = ages.incidence(cause)
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert ages.incidence(cause, by=by).value <= found.value + 1e-12


@settings(max_examples=25, deadline=None)
@given(rows=stays)
def test_aalen_johansen_with_ties_equals_the_definition_in_exact_fractions(rows: Any) -> None:
    ages = counted(rows)
    lasting, found = Fraction(1), dict.fromkeys(CAUSES, Fraction(0))
    for day in sorted({age for age, _cause, _n in rows}):
        at_risk = sum(n for age, _cause, n in rows if age >= day)
        ended = {c: sum(n for age, cause, n in rows if age == day and cause == c) for c in CAUSES}
        for cause in CAUSES:
            found[cause] += lasting * Fraction(ended[cause], at_risk)
        lasting *= 1 - Fraction(sum(ended.values()), at_risk)
    for cause in CAUSES:
        assert ages.incidence(cause).value == pytest.approx(float(found[cause]), **CLOSE)


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(st.integers(0, 40), st.sampled_from(CAUSES), st.integers(1, 5)), min_size=1))
def test_when_all_is_over_the_estimates_are_plain_shares_and_means(rows: Any) -> None:
    ages = counted(rows)
    days, causes = drawn_out(rows)
    assert ages.incidence("won").value == pytest.approx(causes.count("won") / len(causes))
    assert ages.mean_until(50) == pytest.approx(mean(days))
    assert ages.undecided == pytest.approx(0)


@settings(max_examples=25, deadline=None)
@given(rows=stays, times=st.integers(2, 9))
def test_more_of_the_same_changes_no_estimate_and_narrows_its_interval(rows: Any, times: int) -> None:
    one, many = counted(rows), counted([(age, cause, n * times) for age, cause, n in rows])
    assert many.lasting == pytest.approx(one.lasting)
    few, more = one.incidence("won"), many.incidence("won")
    assert more.value == pytest.approx(few.value)
    assert more.high - more.low <= few.high - few.low + 1e-9


def test_nothing_at_all_says_nothing() -> None:
    nothing = Ages.of({})
    assert nothing.n == 0
    assert nothing.quantile(0.5) == Quantile(None, None, None)
    assert nothing.incidence("won").value == 0
    assert nothing.undecided == 1


def test_the_product_starts_without_numpy() -> None:
    """It takes a tenth of a second and twenty megabytes of every process, for a page that few open."""
    start = (
        "import django, sys; django.setup(); from django.urls import get_resolver; "
        "get_resolver().url_patterns; sys.exit('numpy' in sys.modules)"
    )
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "xiaocheng.config.settings"}
    assert subprocess.run([sys.executable, "-c", start], env=settings, check=False).returncode == 0
