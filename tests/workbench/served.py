"""A running workbench."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Workbench:
    """A running workbench and what its log says."""

    url: str
    log: Path

    def grades(self) -> list[dict[str, float]]:
        """What blocks published as grades, in order."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        events = [line for line in lines if line.startswith("{'value'")]
        return [json.loads(event.replace("'", '"')) for event in events]
