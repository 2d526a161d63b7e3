"""The check values of the literature; each stands to the last digit that is printed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.climate import formulas as f

temperatures, humidities = st.floats(-5, 35), st.floats(20, 80)


@pytest.mark.parametrize(
    ("t", "rh", "dew"),
    [
        (20, 50, 9.26),
        (25, 60, 16.69),
        (18, 45, 5.88),
        (10, 80, 6.71),
        (21, 35, 4.94),
        (30, 90, 28.18),
    ],
)
def test_the_dew_point(t: float, rh: float, dew: float) -> None:
    assert float(f.dew_point(t, rh)) == pytest.approx(dew, abs=0.006)


def test_water_in_the_air() -> None:
    assert float(f.absolute_humidity(20, 50)) == pytest.approx(8.62, abs=0.006)
    assert float(f.mixing_ratio(20, 50)) == pytest.approx(7.24, abs=0.006)


@pytest.mark.parametrize(
    ("t", "rh", "printed", "table"),
    [
        (20, 50, 44.6, 44),
        (20, 45, 51.1, 50),
        (20, 40, 58.4, 58),
        (15, 50, 83.8, 82),
        (10, 50, 160.8, 158),
        (10, 35, 248.1, 244),
        (25, 50, 24.3, 24),
        (25, 65, 16.4, 16),
        (5, 35, 495, 488),
        (18, 45, 65.6, 64),
        (16, 40, 97.3, 96),
        (22, 50, 34.9, 34),
        (21, 50, None, 39),
        (23, 30, None, 52),
        (20, 70, None, 26),
    ],
)
def test_the_preservation_index_agrees_with_the_table_of_its_makers(
    t: float, rh: float, printed: float | None, table: float
) -> None:
    years = float(f.preservation_index(t, rh))

    assert years == pytest.approx(table, rel=0.06)
    if printed:
        assert years == pytest.approx(printed, abs=0.6 if printed > 400 else 0.06)


def test_the_index_over_time_is_the_harmonic_mean() -> None:
    assert f.twpi([20, 25], [50, 65]) == pytest.approx(24.0, abs=0.06)
    assert f.twpi([20, 25], [50, 65], [1.0, 3.0]) < 24.0
    assert float(np.mean(f.preservation_index([20, 25], [50, 65]))) == pytest.approx(30.5, abs=0.06)


@pytest.mark.parametrize(
    ("years", "rating"), [(75, "good"), (74.9, "ok"), (45, "ok"), (44.9, "risk")]
)
def test_the_index_is_rated(years: float, rating: str) -> None:
    assert f.rate_twpi(years) == rating


@pytest.mark.parametrize(
    ("t", "rh", "emc"),
    [
        (20, 50, 9.27),
        (20, 40, 7.72),
        (10, 50, 9.47),
        (25, 65, 11.81),
        (18, 45, 8.53),
        (27.5, 74, 13.84),
        (14, 30.5, 6.35),
    ],
)
def test_the_moisture_content(t: float, rh: float, emc: float) -> None:
    assert float(f.moisture_content(t, rh)) == pytest.approx(emc, abs=0.006)


def test_moisture_is_rated_for_metal_and_for_wood() -> None:
    assert [f.rate_metal(e) for e in (6.9, 7.0, 10.4, 10.5)] == ["good", "ok", "ok", "risk"]
    assert [f.rate_mechanical(*e) for e in ((5.0, 12.5), (4.9, 9), (6, 12.6))] == [
        "ok",
        "risk",
        "risk",
    ]


@pytest.mark.parametrize(
    ("t", "rh", "table"),
    [
        (25, 68, 326),
        (25, 70, 156),
        (25, 75, 36),
        (25, 80, 13),
        (20, 75, 38),
        (10, 80, 19),
        (10, 85, 9),
    ],
)
def test_the_days_to_mould_fit_the_table(t: float, rh: float, table: float) -> None:
    assert float(f.mould_days(t, rh)) == pytest.approx(table, rel=0.35)


def test_below_the_limit_nothing_grows_and_above_it_time_adds_up() -> None:
    assert np.isinf(f.mould_days([20, 25, 40], [68, 66, 80])).all()
    assert f.mould_limit([10, 20, 25, 35]) == pytest.approx([80, 69, 66.5, 70.5])
    ten_days = f.mould_risk(np.full(240, 25.0), np.full(240, 80.0))
    assert float(f.mould_days(25, 80)) == pytest.approx(13.23, abs=0.006)
    assert float(ten_days[-1]) == pytest.approx(0.756, abs=0.0006)


def test_dry_hours_may_reset_the_risk() -> None:
    rh = [80.0] * 24 + [40.0] * 24 + [80.0]

    kept = f.mould_risk(np.full(49, 25.0), rh)
    reset = f.mould_risk(np.full(49, 25.0), rh, reset_after=24)

    assert float(kept[-1]) == pytest.approx(25 / 24 / 13.23, rel=0.001)
    assert float(reset[-1]) == pytest.approx(1 / 24 / 13.23, rel=0.001)


@pytest.mark.parametrize(("t", "limit"), [(5, 88.0), (10, 82.0), (15, 80.0), (25, 80.0)])
def test_the_limit_of_the_vtt_model(t: float, limit: float) -> None:
    assert float(f.vtt_limit(t)) == pytest.approx(limit, abs=0.06)


@pytest.mark.parametrize(
    ("t", "rh", "paper"),
    [
        (20, 50, 1.0),
        (20, 40, 1.337),
        (15, 50, 2.038),
        (25, 50, 0.503),
        (18, 45, 1.520),
        (16, 40, 2.358),
        (10, 35, 6.77),
        (25, 65, 0.357),
    ],
)
def test_the_lifetime_multiplier(t: float, rh: float, paper: float) -> None:
    assert float(f.lifetime_multiplier(t, rh)) == pytest.approx(
        paper, abs=0.0051 if paper > 6 else 0.0006
    )


def test_varnish_ages_with_less_energy() -> None:
    assert float(f.lifetime_multiplier(15, 50, f.VARNISH)) == pytest.approx(1.646, abs=0.0006)


@pytest.mark.parametrize(
    ("t_f", "rh", "permanence"),
    [
        (73, 50, 0.564),
        (60, 50, 2.561),
        (60, 30, 4.269),
        (50, 50, 8.647),
        (68, 30, 1.667),
        (77, 60, 0.299),
    ],
)
def test_the_isoperm(t_f: float, rh: float, permanence: float) -> None:
    assert float(f.isoperm(t_f, rh)) == pytest.approx(permanence, abs=0.0006)


def test_seberas_own_question_is_answered() -> None:
    assert float(f.isoperm(60, 30) / f.isoperm(73, 50)) == pytest.approx(7.6, abs=0.06)


@pytest.mark.parametrize(
    ("t", "rh", "ph", "years"),
    [(20, 50, 5, 254), (18, 50, 7, 1030), (15, 40, 5, 724), (25, 60, 5, 92)],
)
def test_paper_lasts_by_the_damage_function(t: float, rh: float, ph: float, years: float) -> None:
    assert float(f.paper_years(t, rh, ph)) == pytest.approx(years, rel=0.006)


def test_light_adds_up_and_fades() -> None:
    dose = f.light_dose(np.full(300, 50.0), 8.0)

    assert dose == 120_000.0
    assert [f.fade_years(wool, dose) for wool in (2, 3, 4)] == pytest.approx(
        [8.33, 25, 83.3], rel=0.01
    )
    assert 15_000 / (50 * 8) == 37.5
    assert f.fade_years(1, 0.0) == float("inf")


def test_the_historic_band_follows_the_season_and_is_never_narrow() -> None:
    hours = np.arange(24 * 400)
    season = 50 + 10 * np.sin(2 * np.pi * hours / 8760)
    wild = season + np.where(hours % 100 < 8, 20.0, 0.0)

    _mean, deviation, calm, limits = f.seasonal_band(season, 720)
    assert limits == (-10.0, 10.0)
    assert max(abs(part) for part in calm) < 0.5
    assert np.count_nonzero(np.isfinite(deviation)) == len(hours) - 720
    assert f.seasonal_band(wild, 720)[3][1] > 15
    assert np.isnan(f.seasonal_band(season[:700], 720)[2]).all()


@given(temperatures, humidities)
def test_warmer_or_damper_never_keeps_longer(t: float, rh: float) -> None:
    for index in (f.preservation_index, f.lifetime_multiplier, f.mass_action_index):
        assert index(t + 1, rh) < index(t, rh)
        assert index(t, rh + 1) < index(t, rh)
    assert f.dew_point(t, rh) <= t
    assert f.dew_point(t, rh + 1) > f.dew_point(t, rh)
    assert f.moisture_content(t, rh + 1) > f.moisture_content(t, rh)


@given(temperatures, humidities)
def test_a_series_gives_what_its_readings_give(t: float, rh: float) -> None:
    for formula in (f.dew_point, f.preservation_index, f.moisture_content, f.mould_days):
        # Processors that work on several numbers at once may round the last digit otherwise.
        assert formula([t, t], [rh, rh])[1] == pytest.approx(formula(t, rh), rel=1e-12)
