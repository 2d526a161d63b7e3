"""Why a value earned what it earned, in words a cataloguer accepts: a template for each reason.

``%(place)s`` names what was compared. No sentence quotes the model.
"""

from __future__ import annotations

from grading.data import gettext_noop as _

REASONS = {
    "case": _(
        "%(place)s: only capital and small letters differ. The rule says which words take a "
        "capital, whatever the source looks like."
    ),
    "diacritics": _(
        "%(place)s: the letters are right, the diacritics are not. The rule says: transcribe them "
        "as they stand in the source."
    ),
    "diacritics.case": _("%(place)s: diacritics and capital letters differ from the rule."),
    "script": _(
        "%(place)s: the words are right, the script is not. The rule says: transcribe in the "
        "script of the resource."
    ),
    "typo": _("%(place)s: nearly right. Compare it letter by letter with the source."),
    "typo.number": _("%(place)s: nearly right, but a number differs from the source."),
    "number": _("%(place)s: the number does not agree with the source."),
    "code": _("%(place)s: this must be another code."),
    "code.case": _("%(place)s: the right code, but capital and small letters must be exact."),
    "isbn.slip": _("%(place)s: the ISBN is not that of the resource; one digit differs."),
    "isbn.check": _("%(place)s: this is not a valid ISBN; its check digit must agree."),
    "isbn.wrong": _("%(place)s: this ISBN is not that of the resource."),
    "broad": _("%(place)s: the class is broader than the resource. The rule says: be specific."),
    "narrow": _("%(place)s: the class is narrower than the subject of the resource."),
    "branch": _("%(place)s: the class begins rightly, then takes a wrong branch."),
    "auxiliary": _(
        "%(place)s: the main number is right; an auxiliary is missing or not justified."
    ),
    "citation": _(
        "%(place)s: all parts are right. The rule says in which order the auxiliaries follow."
    ),
    "name": _(
        "%(place)s: the right words in another order. The rule says which part of a name is the "
        "entry element."
    ),
    "name.mark": _(
        "%(place)s: the words are right, the marks between them are not. The rule says where a "
        "name has a comma."
    ),
    "near": _("%(place)s: accepted in part (%(remark)s)."),
    "near.bare": _("%(place)s: accepted in part."),
    "wrong": _("%(place)s: this does not agree with the source."),
    "empty": _("%(place)s: nothing is written here."),
}
