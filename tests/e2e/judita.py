"""The exercise Judita of the Cataloguer School, and a record of it as a cataloguer types it."""

from playwright.sync_api import Keyboard, Page

COURSE = "course-v1:LibrarySchool+CAT101+2026"
UNIT = f"/courses/{COURSE}/units/block-v1:LibrarySchool+CAT101+2026+type@vertical+block@ex4_judita/"

LEADER = "00000nam a2200000 i 4500"
DATES = "191021s2019    ci a          000 p hrv d"
# Tag, indicators ("#" for a blank) and value as typed: "$b" begins subfield b.
FIELDS = [
    ("020", "##", "9789539999900$q(tvrdi uvez)"),
    ("040", "##", "HR-VJ$bhrv$erda$cHR-VJ"),
    ("080", "##", '821.163.42-13"15"'),
    ("082", "04", "891.821$223"),
    ("100", "1#", "Marulić, Marko,$d1450-1524,$eautor."),
    (
        "245",
        "10",
        "Judita :$bep u šest libara /$cMarko Marulić ; priredila i komentar napisala Ana Horvat.",
    ),
    ("250", "##", "Drugo, dopunjeno izdanje."),
    ("264", "#1", "Zagreb :$bNaklada Vježba,$c2019."),
    ("300", "##", "214 stranica :$bilustracije ;$c21 cm."),
    ("336", "##", "$btxt$2rdacontent"),
    ("337", "##", "$bn$2rdamedia"),
    ("338", "##", "$bnc$2rdacarrier"),
    ("490", "0#", "Biblioteka Hrvatska baština ;$vknjiga 3"),
    ("650", "#4", "Hrvatsko pjesništvo$y16. stoljeće."),
    ("700", "1#", "Horvat, Ana,$epriređivač."),
]


def type_record(page: Page, fields: list[tuple[str, str, str]] = FIELDS) -> None:
    """Type a record into an editor that shows the exercise's starter, with the keyboard alone.

    The starter has a row each for leader, 008, 100 and 245; here the last two are deleted and
    every data field begins on a row of its own.
    """
    keyboard = page.keyboard
    page.get_by_label("LDR, value").focus()
    _replace(keyboard, LEADER)
    page.get_by_label("008, value").focus()
    _replace(keyboard, DATES)
    for starter in ("100", "245"):
        page.get_by_label(f"{starter}, indicator 1").focus()
        keyboard.press("Alt+Delete")
    page.get_by_label("008, value").focus()
    for tag, indicators, value in fields:
        keyboard.press("Enter")
        keyboard.type(tag + indicators + value)


def _replace(keyboard: Keyboard, value: str) -> None:
    keyboard.press("ControlOrMeta+a")
    keyboard.type(value)
