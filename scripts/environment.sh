# Sourced by scripts/run and scripts/test: a virtual environment with the locked dependencies.
# VENV names its folder (default .venv), PYTHON the interpreter that makes it (default python3).

# make_environment EXTRAS: puts an up-to-date environment with the project and its EXTRAS on PATH.
# It is made once and again only when the lock, the metadata or the interpreter changed.
make_environment() {
    local extras=$1 python=${PYTHON:-python3} venv=${VENV:-.venv} wanted loudness=--quiet
    "$python" - <<'PY' || return 2
import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit("Library School needs Python 3.11, 3.12 or 3.13; this is %d.%d. "
             "Name another with PYTHON=/path/to/python3." % sys.version_info[:2])
PY
    wanted=$(cat requirements.txt setup.cfg pyproject.toml | "$python" -c '
import hashlib, sys
print(hashlib.sha256(sys.stdin.buffer.read() + sys.version.encode()).hexdigest())')
    if ! [ -x "$venv/bin/python" ] || ! grep -qsx "$wanted" "$venv/.installed-$extras"; then
        echo "Installing the dependencies into $venv (once, and after an update)"
        if [ -t 1 ]; then loudness=--progress-bar=on; fi
        "$python" -m venv "$venv" || {
            echo "Could not make $venv. On Debian and Ubuntu the package python3-venv is needed." >&2
            return 2
        }
        "$venv/bin/python" -m pip install "$loudness" --disable-pip-version-check \
            --constraint requirements.txt --editable ".[$extras]" || return 2
        # site,dev contains site: a school started from the same checkout installs nothing more
        echo "$wanted" | tee "$venv/.installed-${extras%%,*}" > "$venv/.installed-$extras"
    fi
    PATH="$(cd "$venv/bin" && pwd):$PATH"
    export PATH
}
