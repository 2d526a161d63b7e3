"""Stored grades: one line for each learner of a course, always what the scores come to.

Other packages use ``delivery.grades.api`` and nothing else from here.

What is true, and what follows from it
    The truth is a learner's points in ``LearnerState`` (published by the block, or given in their
    place) and the decisions of people in ``Override``. From these follows a ``LearnerGrade``, the
    learner's line: weighted points of every block, totals of every subsection, the course grade
    by the policy of the version served. It is rewritten in the transaction that changes a score
    or decision, by three statements whatever the number of learners. Every change is added to
    ``ScoreChange``, which is never changed.

Which comes first
    An override or excuse (the latest that was not undone), then a score that was given through
    edx-submissions, then what the block published last. One on a subsection stands in place of
    the blocks in it. All figures of the book are weighted points. What a learner is excused from
    counts neither for nor against them: it uses up one of ``min_count``, is never dropped, and
    leaves the last remaining assignment of its format standing; the weight of a format that is
    excused as a whole goes to the others.

When lines are out of date
    A line carries the ``stamp`` of the plan that made it: of the blocks, weights, formats,
    cut-offs and opened parts. A version or an opening date that changes any of these leaves the
    lines with an old stamp. A job then works them out anew; whoever reads lines meanwhile gets
    right ones, and only an order or filter over many may lag (``BookPage.is_settling``).

The book holds everything that staff may see. What learners may see of it (openings, hidden
correctness) is for ``delivery.progress`` to say.

Reading
    ``read_columns(course)``, ``read_page(course, sort=…, descending=…, status=…, search=…,
    user_ids=…, offset=…, limit=…)``, ``iterate_lines(course, …)`` for exports,
    ``read_line(course, user_id)``, ``read_history(course, user_id, usage_keys)``.

Deciding
    ``override``, ``excuse``, ``undo``, ``extend``, ``revoke_extension``: one learner and part at
    a time, with a reason and who decides; in a transaction of their own or of the caller. They
    raise ``DecisionRefused`` with words for the person; ``LineChanged`` if ``revision`` is given
    and the line has moved on. Imports pass ``kind="import"``.

Many scores at once
    Write ``LearnerState`` rows, add what happened by ``keep_changes(course_id, [(user_id,
    NewScore(…)), …])``, and then call ``recompute(course, user_ids=[…])`` once for the learners
    touched, all in one transaction or the last on its own afterwards. For one learner,
    ``count_scores(tree, course_id, user_id, [NewScore(…)])`` does both.

Re-computing
    ``recompute(course)`` works all lines out from the raw scores and writes those that differ;
    with ``only_stale`` it leaves alone what the plan of today has made, with ``repair=False`` it
    only tells what it would change.
"""
