"""What the lines of a mark say, in words a cataloguer accepts.

«Must» is said of the format, «the rule says» of ISBD, RDA and the rules of classification, «local
policy» of what a school decides. No sentence quotes the model: that stands in a line's
``expected`` alone, so that it can be held back.
"""

from __future__ import annotations

from grading.data import gettext_noop as _
from grading.graders.compare.messages import REASONS

CONTENT = {
    **REASONS,
    "subfield": _("%(place)s: the content is right, but it must stand in another subfield."),
    "divided": _("%(place)s: the words are right, but they must be divided between subfields."),
    "missing": _("%(place)s is missing."),
}

MARK = {
    "missing": _("%(place)s: the rule says that a mark of punctuation ends this; it is missing."),
    "wrong": _("%(place)s: the rule says that another mark of punctuation ends this."),
    "spacing": _(
        "%(place)s: the right mark of punctuation, but the rule says otherwise about the blank "
        "before it."
    ),
    "unwanted": _("%(place)s: the rule has no mark of punctuation at the end of this."),
    "forbidden": _(
        "%(place)s: a mark of punctuation must not be typed at the end; the display adds it."
    ),
}

INDICATOR = {
    "ind1": _("%(place)s: the first indicator must have another value."),
    "ind2": _("%(place)s: the second indicator must have another value."),
}
NONFILING = _(
    "%(place)s: this indicator counts the characters that sorting passes over: an article at the "
    "beginning, with the blank after it; 0 if there is none."
)
UNDEFINED_INDICATOR = {
    "ind1": _("%(place)s: the first indicator is not defined and must be blank."),
    "ind2": _("%(place)s: the second indicator is not defined and must be blank."),
}
LINK = _(
    "%(place)s: $6 must name the tag of the field that this one repeats in another script, and "
    "the number of the pair."
)
EXTRA_SUBFIELD = _("%(place)s: the source does not call for this subfield.")
ORDER = _("%(place)s: the rule says in which order these subfields stand.")
WRONG_TAG = _("%(place)s: what is right here must stand in another field; half of it counts.")
GATE = _("%(place)s: indicators, punctuation and order count only as far as the content is right.")

POSITION = {
    "wrong": _("%(place)s (%(name)s): this must be another code."),
    "missing": _("%(place)s (%(name)s): nothing is coded."),
    "part": _("%(place)s (%(name)s): some of these codes are right, not all."),
    "blank": _(
        "%(place)s (%(name)s): a blank counts only as far as the codes beside it are right."
    ),
}
LENGTH = {
    "lost": _(
        "%(place)s: one character is lost at position %(at)s, the field must have %(length)s. The "
        "rest was compared as if it were in its place; three quarters of it count."
    ),
    "doubled": _(
        "%(place)s: there is one character too many at position %(at)s, the field must have "
        "%(length)s. The rest was compared as if it were in its place; three quarters of it count."
    ),
    "short": _(
        "%(place)s: the field is too short, it must have %(length)s characters. Three quarters of "
        "what is right count."
    ),
    "long": _(
        "%(place)s: the field is too long, it must have %(length)s characters. Three quarters of "
        "what is right count."
    ),
}

FIELD_RIGHT = _("%(place)s is right.")
REST_RIGHT = _("%(place)s: everything else is right.")
FIELD_MISSING = _("%(place)s is missing.")
FIELD_DISAGREES = _("%(place)s: nothing here agrees with the source.")
POOL_EMPTY = _("One more field of the kind «%(pool)s» is called for.")

ACCEPTED_FORM = _("%(place)s: this form is accepted as well.")
OPTIONAL = _("%(place)s: rightly added; it is not called for and counts neither way.")
POOL_FULL = _("%(place)s: acceptable too; as many as are called for have been counted.")
CARRIED = {
    "year": _(
        "%(place)s agrees with the year you gave in the publication field: counted as right."
    ),
    "filing": _("%(place)s: the number agrees with the title as you gave it: counted as right."),
    "main": _(
        "%(place)s: the first indicator agrees with the main entry you chose: counted as right."
    ),
}

EXTRA = {
    "repeat": _("%(place)s repeats a field that is there already."),
    "copy": _("%(place)s: another field says the same, and better."),
    "main": _("%(place)s: a record must have no second main entry."),
    "heading": _("%(place)s: the source does not justify this heading."),
    "forbidden": _("%(place)s: local policy does not use this field here."),
    "single": _("%(place)s must not be repeated."),
    "once": _("%(place)s: the source gives this once, and not so."),
    "undefined": _("%(place)s: the format does not define this field; it must not be used."),
    "parallel": _("%(place)s says in another script what another field says; that costs nothing."),
    "padding": _(
        "%(place)s is not in the model record. Local policy: only %(free)s such fields are free."
    ),
    "free": _("%(place)s is not in the model record; that costs nothing."),
}

MENDED = _("%(place)s: mended.")
REMOVED = _("%(place)s: rightly removed.")
HARM = _("%(place)s was right at the start and is no longer: such harm costs its loss once more.")
