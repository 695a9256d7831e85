#!/usr/bin/env bash
# Make .venv from the hashed locks and put `ebp` and `ebp-central` into it; quick when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
unset PYTHONDONTWRITEBYTECODE # imports are several times slower without byte code
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

if ! command -v "$python" > /dev/null; then
  echo "set-up: '$python' is not here; Python 3.11 or newer is needed (apt-get install python3 python3-venv)." >&2
  exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "set-up: '$python' is $("$python" --version); 3.11 or newer is needed. Name another: make PYTHON=python3.12 …" >&2
  exit 1
fi

# A virtual environment carries its folder and its interpreter inside, and the scanner binding needs headers that may come later.
fingerprint() {
  {
    pwd
    .venv/bin/python -VV || true
    ls /usr/include/sane/sane.h || true
    cat requirements/dev.txt requirements/sane.txt pyproject.toml tools/setup_python.sh
  } 2> /dev/null | sha256sum | cut -d' ' -f1
}
stamp=.venv/.ebp-set-up
if [ -x .venv/bin/ebp ] && [ "$(cat "$stamp" 2> /dev/null)" = "$(fingerprint)" ]; then
  exit 0
fi

usable() {
  grep -qsF "$PWD/.venv" .venv/bin/activate && .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2> /dev/null
}
if [ -e .venv ] && ! usable; then
  echo "set-up: .venv is not usable any more and is made anew."
  rm -rf .venv
fi
if [ ! -e .venv ]; then
  echo "set-up: making .venv with $("$python" --version)"
  if ! "$python" -c 'import ensurepip, venv' 2> /dev/null; then
    echo "set-up: '$python' cannot make virtual environments; the administrator's command: apt-get install python3-venv" >&2
    exit 1
  fi
  "$python" -m venv .venv
fi

echo "set-up: installing the locked Python packages (a few minutes the first time)"
.venv/bin/python -m pip install --quiet --require-hashes --requirement requirements/dev.txt
# The scanner binding exists as source only. Without its headers the counter still runs, with imports instead of scans.
if ! .venv/bin/python -m pip install --quiet --require-hashes --no-deps --no-build-isolation --requirement requirements/sane.txt \
  > .venv/python-sane.log 2>&1; then
  echo "set-up: python-sane could not be built (.venv/python-sane.log); scanning by SANE is off until libsane-dev, gcc" >&2
  echo "set-up: and python3-dev are installed." >&2
fi
.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
.venv/bin/python -m compileall -q -j 0 .venv/lib ebp_desktop ui sync scanner resources central > /dev/null || true
fingerprint > "$stamp"
