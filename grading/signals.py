"""What ``grading`` tells its host."""

from __future__ import annotations

from django.dispatch import Signal

task_moved = Signal()
"""``moved`` (a ``TaskMoved``): sent within the transaction of the step, so that what a host writes
for it, such as a notice, is there if and only if the step is."""
