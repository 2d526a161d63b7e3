"""The climate of stores: formulas with their sources, logger files, faults, episodes, figures.

It imports nothing of the school, only numpy, so that it can be used on its own:

    series = clean(read_log(data).series)
    print(summarise(series))
"""

from grading.climate.plot import draw_svg
from grading.climate.readers import Log, UnreadableLog, merge_logs, read_log
from grading.climate.series import BadSeries, Episode, Fault, Series, clean, make_series
from grading.climate.summary import Limits, summarise

__all__ = [
    "BadSeries",
    "Episode",
    "Fault",
    "Limits",
    "Log",
    "Series",
    "UnreadableLog",
    "clean",
    "draw_svg",
    "make_series",
    "merge_logs",
    "read_log",
    "summarise",
]
