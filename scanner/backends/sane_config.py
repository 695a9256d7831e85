"""A private configuration for SANE with the one backend a device needs: listing every backend takes ten seconds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

SYSTEM_FOLDER = Path("/etc/sane.d")
VARIABLE = "SANE_CONFIG_DIR"


@contextmanager
def private_sane(device: str) -> Iterator[dict[str, str]]:
    """Environment for a scan child on this device; a configuration that the hall has set itself is left alone."""
    backend = device.removeprefix("sane:").partition(":")[0]
    if os.environ.get(VARIABLE) or not backend.isidentifier() or not SYSTEM_FOLDER.is_dir():
        yield {}
        return
    with TemporaryDirectory(prefix="ebp-sane-") as folder:
        (Path(folder) / "dll.conf").write_text(backend + "\n", "utf-8")
        for extra in (SYSTEM_FOLDER / f"{backend}.conf", SYSTEM_FOLDER / f"{backend}.d"):
            if extra.is_file():
                shutil.copy(extra, folder)
            elif extra.is_dir():
                shutil.copytree(extra, Path(folder) / extra.name)
        yield {VARIABLE: folder}
