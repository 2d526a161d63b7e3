"""What a diagnostic says: how grave it is and in which words.

«Must» is said of the format, «the rule says» of ISBD and RDA. A blank is shown as #.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from grading.data import gettext_noop as _

_ERROR: Literal["error"] = "error"
_WARNING: Literal["warning"] = "warning"
_NOTE: Literal["note"] = "note"

RULES: Mapping[str, tuple[Literal["error", "warning", "note"], str]] = {
    # The record as such.
    "record.shape": (_ERROR, _("This is no record: a list of fields is expected.")),
    "record.too_many": (
        _ERROR,
        _("The record has more than %(limit)s fields; the rest was not checked."),
    ),
    "record.row": (_ERROR, _("Row %(number)s is no field.")),
    "record.tag": (
        _ERROR,
        _("Row %(number)s: a tag must have three characters, digits or letters A-Z."),
    ),
    "record.field": (_ERROR, _("%(place)s: this cannot be read as a field.")),
    # Fields.
    "field.undefined": (_ERROR, _("%(place)s: %(format)s does not define this field.")),
    "field.repeated": (_ERROR, _("%(place)s must not be repeated.")),
    "field.missing": (_ERROR, _("%(place)s is missing; every record must have it.")),
    "field.empty": (_ERROR, _("%(place)s has no subfields.")),
    # Indicators.
    "indicator.number": (_ERROR, _("%(place)s must have two indicators of one character.")),
    "indicator.first.undefined": (
        _ERROR,
        _("%(place)s: the first indicator is not defined and must be blank, not «%(given)s»."),
    ),
    "indicator.second.undefined": (
        _ERROR,
        _("%(place)s: the second indicator is not defined and must be blank, not «%(given)s»."),
    ),
    "indicator.first.value": (
        _ERROR,
        _("%(place)s: the first indicator must be one of %(allowed)s, not «%(given)s»."),
    ),
    "indicator.second.value": (
        _ERROR,
        _("%(place)s: the second indicator must be one of %(allowed)s, not «%(given)s»."),
    ),
    # Subfields.
    "subfield.code": (_ERROR, _("%(place)s: a subfield code is one small letter or digit.")),
    "subfield.undefined": (_ERROR, _("%(place)s: the format does not define this subfield.")),
    "subfield.obsolete": (_WARNING, _("%(place)s: this subfield is no longer in use.")),
    "subfield.repeated": (_ERROR, _("%(place)s must not be repeated within its field.")),
    "subfield.missing": (_ERROR, _("%(place)s is missing.")),
    "subfield.empty": (_WARNING, _("%(place)s is empty.")),
    "text.mixed": (
        _WARNING,
        _("%(place)s: «%(word)s» has Cyrillic and Latin letters that look alike."),
    ),
    # Coded fields.
    "fixed.length": (
        _ERROR,
        _("%(place)s must have %(length)s characters, but has %(given)s."),
    ),
    "fixed.lost": (
        _ERROR,
        _(
            "%(place)s must have %(length)s characters, but has %(given)s; it seems that one is "
            "lost at position %(at)s."
        ),
    ),
    "fixed.doubled": (
        _ERROR,
        _(
            "%(place)s must have %(length)s characters, but has %(given)s; it seems that the one "
            "at position %(at)s is too many."
        ),
    ),
    "position.code": (_ERROR, _("%(place)s (%(name)s): «%(given)s» is not among the codes.")),
    "position.obsolete": (
        _WARNING,
        _("%(place)s (%(name)s): the code «%(given)s» is no longer in use."),
    ),
    "position.network": (
        _NOTE,
        _("%(place)s (%(name)s): «%(given)s» is a code of a library network, not of the format."),
    ),
    "position.undefined": (
        _ERROR,
        _("%(place)s: these positions are not defined and must be blank, not «%(given)s»."),
    ),
    "position.gap": (
        _WARNING,
        _("%(place)s (%(name)s): codes stand at the left, blanks after them."),
    ),
    "position.date": (
        _ERROR,
        _("%(place)s (%(name)s): «%(given)s» is no date of year, month and day in digits."),
    ),
    "position.year": (
        _ERROR,
        _(
            "%(place)s (%(name)s): «%(given)s» is no year of four digits, nor one with the sign "
            "for unknown digits at its end."
        ),
    ),
    "position.system": (
        _WARNING,
        _("%(place)s (%(name)s): «%(given)s» is not what the system writes here."),
    ),
    "position.form": (
        _ERROR,
        _("%(place)s: «%(given)s» is no kind of material; there are %(allowed)s."),
    ),
    "position.material": (
        _ERROR,
        _(
            "%(place)s: these positions are coded for another kind of material than the leader "
            "tells in positions 06 and 07."
        ),
    ),
    "dates.serial": (
        _ERROR,
        _("%(place)s: the type of date «%(given)s» is for continuing resources only."),
    ),
    "dates.day": (_ERROR, _("%(place)s: a detailed date has month and day here.")),
    "dates.unwanted": (
        _ERROR,
        _("%(place)s: the type of date «%(given)s» has no second date; it must be blank."),
    ),
    "dates.missing": (
        _ERROR,
        _("%(place)s: the type of date «%(given)s» needs a second date."),
    ),
    "dates.current": (
        _ERROR,
        _("%(place)s: what is still published has 9999 as its second date."),
    ),
    "dates.order": (_WARNING, _("%(place)s: the first date is later than the second.")),
    # Numbers.
    "number.isbn.form": (_ERROR, _("%(place)s: this is no ISBN.")),
    "number.isbn.length": (_ERROR, _("%(place)s: an ISBN has 10 or 13 digits.")),
    "number.isbn.check": (_ERROR, _("%(place)s: the check digit of this ISBN does not agree.")),
    "number.isbn.plain": (
        _WARNING,
        _("%(place)s: MARC 21 records an ISBN without hyphens, and nothing before it."),
    ),
    "number.isbn.qualifier": (_WARNING, _("%(place)s: a blank stands before a qualifier.")),
    "number.issn.form": (_ERROR, _("%(place)s: this is no ISSN.")),
    "number.issn.length": (_ERROR, _("%(place)s: an ISSN has eight digits.")),
    "number.issn.check": (_ERROR, _("%(place)s: the check digit of this ISSN does not agree.")),
    "number.issn.hyphen": (
        _WARNING,
        _("%(place)s: an ISSN is written with a hyphen after four digits."),
    ),
    "number.ismn.form": (_ERROR, _("%(place)s: this is no ISMN.")),
    "number.ismn.length": (_ERROR, _("%(place)s: an ISMN has 13 digits, or M and nine.")),
    "number.ismn.check": (_ERROR, _("%(place)s: the check digit of this ISMN does not agree.")),
    "number.ean.form": (_ERROR, _("%(place)s: this is no EAN.")),
    "number.ean.length": (_ERROR, _("%(place)s: an EAN has 13 digits.")),
    "number.ean.check": (_ERROR, _("%(place)s: the check digit of this EAN does not agree.")),
    "number.cyrillic": (
        _ERROR,
        _("%(place)s: the last sign is a Cyrillic letter; it must be a Latin X."),
    ),
    # Codes.
    "code.marc_languages": (_ERROR, _("%(place)s: «%(given)s» is no MARC language code.")),
    "code.marc_countries": (_ERROR, _("%(place)s: «%(given)s» is no MARC country code.")),
    "code.marc_areas": (_ERROR, _("%(place)s: «%(given)s» is no MARC code of an area.")),
    "code.marc_relators": (_WARNING, _("%(place)s: «%(given)s» is no MARC relator code.")),
    "code.iso_languages": (
        _ERROR,
        _("%(place)s: «%(given)s» is no language code (ISO 639-2, three small letters)."),
    ),
    "code.iso_countries": (
        _ERROR,
        _("%(place)s: «%(given)s» is no country code (ISO 3166-1, two capital letters)."),
    ),
    "code.iso_countries_3": (
        _ERROR,
        _("%(place)s: «%(given)s» is no country code (ISO 3166-1, three small letters)."),
    ),
    "code.unimarc_relators": (
        _WARNING,
        _("%(place)s: «%(given)s» is no UNIMARC relator code (three digits)."),
    ),
    "code.rda_content": (_WARNING, _("%(place)s: «%(given)s» is no RDA code of a content type.")),
    "code.rda_media": (_WARNING, _("%(place)s: «%(given)s» is no RDA code of a media type.")),
    "code.rda_carrier": (_WARNING, _("%(place)s: «%(given)s» is no RDA code of a carrier type.")),
    "code.obsolete": (_WARNING, _("%(place)s: the code «%(given)s» is no longer in use.")),
    "code.length": (_ERROR, _("%(place)s: a code has three characters, not so «%(given)s».")),
    "code.coded": (_ERROR, _("%(place)s: «%(given)s» is not among the codes.")),
    # Fields that belong together.
    "link.missing": (_ERROR, _("%(place)s is missing: field 880 must name its tag.")),
    "link.form": (
        _ERROR,
        _("%(place)s must have a tag, a hyphen and two digits, as in 880-01 or 245-01/(N."),
    ),
    "link.first": (_WARNING, _("%(place)s must be the first subfield.")),
    "link.tag": (_ERROR, _("%(place)s: the format does not define field %(tag)s.")),
    "link.alone": (
        _WARNING,
        _("%(place)s: no field %(other)s with the number %(number)s answers this link."),
    ),
    "embedded.tag": (
        _ERROR,
        _("%(place)s must begin with the tag of the embedded field, then its indicators."),
    ),
    "embedded.undefined": (_ERROR, _("%(place)s: the format does not define field %(tag)s.")),
    "embedded.mixed": (
        _ERROR,
        _("%(place)s: a linking field either embeds whole fields from its beginning, or none."),
    ),
    # What one part demands of another.
    "source.missing": (_ERROR, _("%(place)s is missing: the indicator says that it has a source.")),
    "source.unwanted": (
        _WARNING,
        _("%(place)s: a source is named here only if the second indicator is 7, not «%(given)s»."),
    ),
    "language.original": (
        _WARNING,
        _("%(place)s is missing: the first indicator says that this is a translation."),
    ),
    "language.translation": (
        _WARNING,
        _(
            "%(place)s: %(original)s names an original, so the first indicator is that of a "
            "translation."
        ),
    ),
    "language.disagrees": (
        _WARNING,
        _("%(place)s: the first language is not that of field 008 («%(other)s»)."),
    ),
    "year.disagrees": (
        _WARNING,
        _("%(place)s: this year is not among those of %(other)s."),
    ),
    "entry.second": (_ERROR, _("%(place)s: a record must have no second main entry.")),
    "entry.title": (
        _ERROR,
        _("%(place)s: the title is coded as the main entry, but there is a name that is it."),
    ),
    "title.with_entry": (
        _WARNING,
        _("%(place)s: with a main entry under a name the first indicator is %(right)s."),
    ),
    "title.without_entry": (
        _WARNING,
        _("%(place)s: without a main entry under a name the first indicator is %(right)s."),
    ),
    "title.uniform": (
        _WARNING,
        _("%(place)s stands beside a main entry under a name; without one it is field 130."),
    ),
    "series.untraced": (
        _WARNING,
        _("%(place)s: the first indicator says that the series is traced, but no 8XX traces it."),
    ),
    "field.recommended": (_NOTE, _("%(place)s is missing; a full record of this kind has it.")),
    # Punctuation.
    "mark.missing": (
        _WARNING,
        _("%(place)s: the rule says that «%(mark)s» ends this, since %(following)s follows."),
    ),
    "mark.spacing": (
        _WARNING,
        _("%(place)s: the right mark, but not its blanks; the rule says «%(mark)s» here."),
    ),
    "mark.stop": (
        _NOTE,
        _("%(place)s: the rule says that a full stop ends the title; some libraries leave it out."),
    ),
    "mark.typed": (
        _WARNING,
        _("%(place)s: a mark of punctuation must not be typed at the end; the display adds it."),
    ),
    "mark.leading": (
        _WARNING,
        _("%(place)s: a mark of punctuation must not be typed at the beginning."),
    ),
    "title.first": (_ERROR, _("%(place)s: the title begins with $a.")),
    "title.blank": (_WARNING, _("%(place)s: no blank stands before this subfield.")),
    "title.material": (_WARNING, _("%(place)s stands in square brackets.")),
    "title.initials": (_NOTE, _("%(place)s: the rule says that initials are not spaced.")),
    # What sorting passes over.
    "nonfiling.article": (
        _WARNING,
        _("%(place)s: sorting passes over the article «%(word)s», that is %(count)s characters."),
    ),
    "nonfiling.count": (
        _WARNING,
        _(
            "%(place)s: sorting passes over %(count)s characters up to the word after «%(word)s», "
            "not %(given)s."
        ),
    ),
    "nonfiling.numeral": (
        _NOTE,
        _(
            "%(place)s: if «%(word)s» is an article here and no numeral, sorting passes over "
            "%(count)s characters."
        ),
    ),
    "nonfiling.foreign": (
        _NOTE,
        _(
            "%(place)s: if «%(word)s» is an article of another language, sorting passes over "
            "%(count)s characters."
        ),
    ),
    "nonfiling.unjustified": (
        _WARNING,
        _("%(place)s: the title begins with no article; nothing is passed over, not %(given)s."),
    ),
    "nonsorting.signs": (
        _ERROR,
        _("%(place)s: a sign that sorting stops here has no sign that it goes on again."),
    ),
    "nonsorting.article": (
        _NOTE,
        _("%(place)s: the signs for what sorting passes over belong around «%(word)s»."),
    ),
}
"""Severity and sentence of each diagnostic, by its code."""
