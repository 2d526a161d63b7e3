"""Transactions that a database gave up for another's sake are run again.

MySQL deadlocks even where everybody locks in one order: its check of a unique key locks the gap
around it, and two first inserts of one key wait for each other.
"""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection

MYSQL_DEADLOCK = 1213
POSTGRESQL_DEADLOCK = "40P01"
PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4)  # seconds at most, before each further try

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def restarted(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Run ``function``, a whole transaction, again after a deadlock.

    Within a transaction of the caller nothing is left to run again in, and the error goes on.
    """

    @functools.wraps(function)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        for pause in PAUSES:
            try:
                return function(*args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block or not _is_deadlock(error):
                    raise
            time.sleep(random.uniform(0, pause))  # noqa: S311  # spreads the tries, hides nothing
        return function(*args, **kwargs)

    return run


def _is_deadlock(error: OperationalError) -> bool:
    state = getattr(error.__cause__, "sqlstate", None) or getattr(error.__cause__, "pgcode", None)
    return state == POSTGRESQL_DEADLOCK or error.args[:1] == (MYSQL_DEADLOCK,)
