"""Changing a course in the browser: a draft over the version served, until it is published.

Versions stay as they are. What authors change lies in rows of its own (``trees`` lays them over
the version), is written under a lock by ``writing``, and becomes a version by ``publishing``.
"""
