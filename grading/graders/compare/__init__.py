"""Comparing single values as a cataloguer does, for every grader: a credit from 0 to 1, and why."""
