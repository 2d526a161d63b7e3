"""What the graders say of data that does not have the shape they take."""

from __future__ import annotations

from grading.data import gettext_noop as _

OBJECT = _("An object is expected here.")
LIST = _("A list is expected here.")
TEXT = _("Text is expected here.")
UNICODE = _("A character here is not valid Unicode.")
NUMBER = _("A number from %(least)s to %(most)s is expected here.")
WHOLE = _("A whole number from %(least)s to %(most)s is expected here.")
FLAG = _("Either true or false is expected here.")
ONE_OF = _("One of these is expected here: %(choices)s.")
TOO_FEW = _("Too few entries are given here; the least is %(least)s.")
TOO_MANY = _("Too many entries are given here; the most is %(most)s.")
WRONG_LENGTH = _("The number of characters must be %(length)s here, not %(given_length)s.")
NO_SETTING = _("No setting is called «%(name)s».")
NO_CHOICE = _("No choice is called «%(name)s».")
NO_POOL = _("The pool «%(pool)s» is not among the pools.")
NOT_CODED = _("Nothing is coded here.")
