"""Exercises to try in the XBlock workbench: an invented edition of a real work."""

from __future__ import annotations

_TITLE_IN_MARC21 = """
<marc_record
    display_name="Judita: the title"
    profile="marc21"
    prompt="&lt;p&gt;Describe title and edition in MARC 21, with ISBD punctuation.&lt;/p&gt;"
    source_text="&lt;p lang='hr'&gt;MARKO MARULIĆ&lt;br&gt;JUDITA&lt;br&gt;
        ep u šest libara&lt;br&gt;Drugo izdanje&lt;/p&gt;"
    starter='[["245", "  ", [["a", ""]]]]'
    exercise='{"keys": [{"profile": "marc21", "fields": [
        {"tag": "245", "ind": "10", "sub": [
            ["a", "Judita :"], ["b", "ep u šest libara /"], ["c", "Marko Marulić."]]},
        {"tag": "250", "ind": "  ", "sub": [["a", "Drugo izdanje."]]}
    ]}]}'
/>
"""

_RECORD_IN_UNIMARC = """
<marc_record
    display_name="Judita: title, edition and author"
    profile="unimarc"
    points="20"
    attempts_allowed="0"
    feedback_level="3"
    prompt="&lt;p&gt;Describe the book in UNIMARC. Type no ISBD marks.&lt;/p&gt;"
    source_text="&lt;p lang='hr'&gt;MARKO MARULIĆ&lt;br&gt;JUDITA&lt;br&gt;
        ep u šest libara&lt;br&gt;Drugo izdanje&lt;/p&gt;"
    starter='[["200", "  ", [["a", ""]]], ["700", "  ", [["a", ""], ["b", ""]]]]'
    exercise='{"keys": [{"profile": "unimarc", "fields": [
        {"tag": "200", "ind": "1 ", "sub": [
            ["a", "Judita"], ["e", "ep u šest libara"], ["f", "Marko Marulić"]]},
        {"tag": "205", "ind": "  ", "sub": [["a", "Drugo izdanje"]]},
        {"tag": "700", "ind": " 1", "sub": [["a", "Marulić"], ["b", "Marko"], ["4", "070"]]}
    ]}]}'
/>
"""

MARC_RECORD_SCENARIOS = [
    ("MARC record: the title of Judita", _TITLE_IN_MARC21),
    ("MARC record: Judita in UNIMARC", _RECORD_IN_UNIMARC),
]

_ESSAY = """
<staff_task
    display_name="Judita: the access points"
    points="20"
    prompt="&lt;p&gt;Choose the access points for this edition and justify each.&lt;/p&gt;"
    source_text="&lt;p lang='hr'&gt;MARKO MARULIĆ&lt;br&gt;JUDITA&lt;br&gt;
        priredila Ana Anić&lt;/p&gt;"
    exercise='{"criteria": [
        {"id": "choice", "name": "Choice", "points": 6, "levels": [
            {"name": "Missing", "points": 0, "descriptor": "None is right."},
            {"name": "In part", "points": [1, 3], "descriptor": "The author is there."},
            {"name": "Complete", "points": [4, 6], "descriptor": "Author, editor and title."}]},
        {"id": "reasons", "name": "Reasons", "points": 4}],
        "accepts": {"text": {"least_words": 5, "most_words": 300},
            "files": {"most": 2, "kinds": ["pdf", "png", "txt"]}}}'
/>
"""

STAFF_TASK_SCENARIOS = [("Task for grading: access points of Judita", _ESSAY)]
