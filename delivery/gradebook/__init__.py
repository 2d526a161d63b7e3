"""The grade book of a course, for its staff: a page of it, its figures, its tables in and out.

What counts is worked out and kept by ``delivery.grades``; here it is found, shown, summed up,
exported and imported. Nothing here knows of requests, and nothing writes a grade but through
``delivery.grades.api``.
"""
