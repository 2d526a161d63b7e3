"""A runner as it should not be, for the negative control: no token, and no common transaction.

Run as ``python -m tests.jobs.naive``. It takes the same leases and writes the same effects, but
the effect and the mark of its being done are two steps.
"""

import time

import django

django.setup()

from jobs import runner  # noqa: E402  # Django must be set up first
from jobs.models import Job  # noqa: E402  # only once the settings are named
from tests.jobs import trial  # noqa: E402  # only once the settings are named


def main() -> None:
    while True:
        claim = runner.claim_next("naive")
        if claim is None:
            time.sleep(0.02)
            continue
        time.sleep(claim.args.get("seconds", 0))
        trial.write_effect(claim.args["mark"])
        time.sleep(claim.args.get("seconds", 0))
        Job.objects.filter(pk=claim.job_id).update(state="done")


if __name__ == "__main__":
    main()
