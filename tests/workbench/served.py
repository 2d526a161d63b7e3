"""A running workbench and its visitors."""

import http.cookiejar
import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any


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


class Visitor:
    """A browser without scripts: keeps cookies, sends the token."""

    def __init__(self, workbench: Workbench, student: str) -> None:
        self.workbench = workbench
        self.student = student
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        with self.opener.open(f"{self.workbench.url}{path}?student={self.student}") as answer:
            return str(answer.read().decode())

    def open(self, scenario: int, block_type: str = "marc_record") -> Any:
        """The data of the page, and the block's usage id beside it."""
        return self._read(f"/scenario/{block_type}.{scenario}/")

    def edit(self, scenario: int, block_type: str) -> Any:
        """The data of the page on which the author edits the block."""
        return self._read(f"/scenario/{block_type}.{scenario}/studio_view/")

    def _read(self, path: str) -> Any:
        html = self.get(path)
        usage = re.search(r"data-usage='([^']+)'", html)
        island = re.search(r'class="libschool-state">(.*?)</script>', html, re.DOTALL)
        assert usage is not None
        assert island is not None
        self.usage = usage[1]
        self.html = html
        return json.loads(island[1])

    def call(self, handler: str, data: Any) -> tuple[int, Any]:
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        request = urllib.request.Request(  # noqa: S310  # our own server
            f"{self.workbench.url}/handler/{self.usage}/{handler}/?student={self.student}",
            data=json.dumps(data).encode(),
            headers={"Content-Type": "application/json", "X-CSRFToken": str(token)},
        )
        try:
            with self.opener.open(request) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read())
