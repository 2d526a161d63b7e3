import re
from pathlib import Path

from delivery.static_files import StaticFiles


def test_a_module_imports_others_by_the_names_of_their_content(tmp_path: Path) -> None:
    (tmp_path / "rows.js").write_text("export const rows = 1;\n")
    (tmp_path / "page.js").write_text("import { rows } from './rows.js';\nexport { rows };\n")
    storage = StaticFiles(location=str(tmp_path), base_url="/static/")
    paths = {name: (storage, name) for name in ("rows.js", "page.js")}

    names = {name: hashed for name, hashed, _processed in storage.post_process(paths)}

    served = (tmp_path / names["page.js"]).read_text()
    imported = re.search(r"rows\.[0-9a-f]{12}\.js", served)
    assert imported is not None
    assert (tmp_path / imported.group()).read_text() == "export const rows = 1;\n"
