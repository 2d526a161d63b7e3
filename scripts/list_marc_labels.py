"""Write every label of the MARC formats where the translators' tools find them.

The labels are data, which no tool reads for texts to translate. Run it after changing them:
``python -m scripts.list_marc_labels``.
"""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

from grading.checking.layouts import slot_names
from grading.graders.marc.labels import all_labels

GRADING = Path(__file__).parent.parent / "grading"
LINE = 101
WIDTH = 80
HEAD = '''"""%s for translators.

Written by ``python -m scripts.list_marc_labels``.
"""

from __future__ import annotations

from grading.data import gettext_noop as _

LABELS = (
'''


def main() -> None:
    """Write the modules."""
    labels = all_labels()
    _write(GRADING / "graders" / "marc", "The labels of the MARC formats", labels)
    names = slot_names() - labels
    _write(GRADING / "checking", "The names of further positions in coded fields", names)


def _write(folder: Path, title: str, labels: set[str]) -> None:
    rows = [_row(label) for label in sorted(labels)]
    text = f"{HEAD % title}{''.join(rows)})\n"
    (folder / "label_texts.py").write_text(text, encoding="utf-8")


def _row(label: str) -> str:
    row = f"    _({json.dumps(label, ensure_ascii=False)}),\n"
    if len(row) <= LINE:
        return row
    parts = textwrap.wrap(label, WIDTH, drop_whitespace=False)
    lines = "".join(f"        {json.dumps(part, ensure_ascii=False)}\n" for part in parts)
    return f"    _(\n{lines}    ),\n"


if __name__ == "__main__":
    main()
