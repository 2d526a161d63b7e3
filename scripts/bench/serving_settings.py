"""The site's settings with the sample blocks of xblock-sdk, for ``scripts.bench.serving``."""

import importlib.util
from pathlib import Path

from delivery.settings import *  # noqa: F403  # all of the site, and a little more
from delivery.settings import TEMPLATES

_samples = importlib.util.find_spec("sample_xblocks.basic")
if _samples is None or _samples.origin is None:
    raise ImportError("The sample blocks of xblock-sdk are not on the path.")
TEMPLATES[0]["DIRS"].insert(0, str(Path(_samples.origin).parent / "templates"))  # type: ignore[attr-defined]  # a list of strings
XBLOCK_HANDLER_ACCESS = {"problem_demo": {"check": "learner"}}
