"""Damaged pages, made up: a picture as SVG, and the exact truth of what is wrong with it.

Pure, and without dependencies. The same seed always makes the same page, so a picture and its truth
need not be kept together: the picture may be public, the truth never is.
"""

from grading.pages.damage import DAMAGES
from grading.pages.page import Page, make_page
from grading.pages.vocabulary import CLASSES, FAMILIES

__all__ = ["CLASSES", "DAMAGES", "FAMILIES", "Page", "make_page"]
