"""Damaged pages, made up: a picture as SVG, and the exact truth of what is wrong with it.

Pure; it knows nothing but the grader whose exercises it writes. The same seed always makes the same
page, so a picture and its truth need not be kept together: the picture may be public, the truth
never is.
"""

from grading.pages.damage import DAMAGES
from grading.pages.page import Page, draw_page, make_page, picture_of
from grading.pages.vocabulary import CLASSES, DEFINITIONS, FAMILIES

__all__ = [
    "CLASSES",
    "DAMAGES",
    "DEFINITIONS",
    "FAMILIES",
    "Page",
    "draw_page",
    "make_page",
    "picture_of",
]
