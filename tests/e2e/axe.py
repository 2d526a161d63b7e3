"""What axe-core finds wrong in a page: https://github.com/dequelabs/axe-core."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = (Path(__file__).parent / "vendor/axe-core/axe.min.js").read_text()
GRAVE = {"moderate", "serious", "critical"}
# Half-way through a transition, colours are nobody's.
RUN = """async rules => {
  const moving = document.getAnimations().filter(each =>
    each.playState === 'running' && Number.isFinite(each.effect.getComputedTiming().endTime));
  await Promise.allSettled(moving.map(each => each.finished));
  const found = await axe.run(document, {
    iframes: false, resultTypes: ['violations'], ...(rules ? {runOnly: rules} : {}),
  });
  return found.violations.map(({id, impact, nodes}) =>
    ({id, impact, nodes: nodes.map(node => `${node.target} ${node.failureSummary}`)}));
}"""


def find_faults(page: Page, *rules: str) -> list[str]:
    """The moderate and graver faults of a page, by all rules or these; frames are left out.

    Of the page itself: the documents in frames are other people's.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"() => {{ {SCRIPT} }}")
    found: list[dict[str, Any]] = page.evaluate(RUN, list(rules) or None)
    return [
        f"{fault['id']}: {node}"
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]


def find_block_faults(page: Page) -> list[str]:
    """The faults in our blocks on another's page; what that page's frame lacks is not ours."""
    return [
        fault for fault in find_faults(page) if ".ls-" in fault and not fault.startswith("region:")
    ]
