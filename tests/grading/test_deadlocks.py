import pytest
from django.db import OperationalError, transaction

from dbrules.deadlocks import PAUSES, restarted

DEADLOCK = OperationalError(1213, "Deadlock found when trying to get lock")


class Work:
    """Fails as often as told, then returns."""

    def __init__(self, failures: int, error: Exception = DEADLOCK) -> None:
        self.left = failures
        self.error = error
        self.tries = 0

    def __call__(self) -> str:
        self.tries += 1
        if self.left:
            self.left -= 1
            raise self.error
        return "done"


@pytest.mark.django_db(transaction=True)
def test_a_transaction_given_up_in_a_deadlock_is_run_again() -> None:
    work = Work(3)
    assert restarted(work)() == "done"
    assert work.tries == 4


@pytest.mark.django_db(transaction=True)
def test_not_for_ever() -> None:
    work = Work(100)
    with pytest.raises(OperationalError):
        restarted(work)()
    assert work.tries == len(PAUSES) + 1


@pytest.mark.django_db(transaction=True)
def test_other_errors_are_not_hidden() -> None:
    work = Work(1, OperationalError(2006, "MySQL server has gone away"))
    with pytest.raises(OperationalError):
        restarted(work)()
    assert work.tries == 1


@pytest.mark.django_db(transaction=True)
def test_within_a_transaction_of_the_caller_nothing_is_run_again() -> None:
    work = Work(1)
    with pytest.raises(OperationalError), transaction.atomic():
        restarted(work)()
    assert work.tries == 1
