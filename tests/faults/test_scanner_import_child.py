"""The import child under attack: it hangs, dies, lies, eats memory, and the counter goes on."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from ebp_desktop.domain.errors import SurroundingsError
from scanner import child, confine
from scanner.api import Limits, import_files
from tests.unit.scanner.brought import image_pdf
from tests.unit.scanner.papers import small_jpeg

QUICK = Limits(seconds_per_page=5)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "good.jpg").write_bytes(small_jpeg())
    (tmp_path / "bad.jpg").write_bytes(small_jpeg())
    return tmp_path


@pytest.fixture
def sabotaged(desk: Path):
    """A child that behaves, except over the file named bad, where it runs the given statements."""

    def command(statements: str):
        script = desk / "child.py"
        script.write_text(
            "import os, signal, sys, time\n"
            "from scanner.importing import worker\n"
            "true_take = worker._take\n"
            "def take(bench):\n"
            "    if bench.label.endswith('bad.jpg'):\n"
            f"{textwrap.indent(textwrap.dedent(statements).strip(), '        ')}\n"
            "    true_take(bench)\n"
            "worker._take = take\n"
            "sys.exit(worker.main())\n"
        )
        return lambda _kind: [sys.executable, str(script)]

    return command


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def import_both(desk: Path, command, limits: Limits = QUICK):
    paths = [desk / "good.jpg", desk / "bad.jpg", desk / "good.jpg"]
    return import_files(paths, desk / "in", limits, command)


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", "中断"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "中断"),
        ("raise RuntimeError('a parser lost its way')", "中断"),
        ("bytearray(1 << 40)", "内存"),
        ("while True: pass", "中断"),
        ("os._exit(0)", "中断"),
    ],
    ids=["killed", "segfault", "bug", "memory", "processor", "silent exit"],
)
def test_a_file_that_brings_the_child_down_is_refused_alone(desk, sabotaged, statements, reason):
    limits = Limits(seconds_per_page=30, cpu_seconds_per_file=2)
    manifest = import_both(desk, sabotaged(statements), limits)
    assert [page.file for page in manifest.pages] == ["0001.jpg", "0002.jpg"]
    assert [refused.file for refused in manifest.refused] == ["../bad.jpg"]
    assert reason in manifest.refused[0].reason


def test_a_file_that_hangs_the_child_is_given_up(desk, sabotaged):
    manifest = import_both(desk, sabotaged("time.sleep(600)"), Limits(seconds_per_page=4))
    assert len(manifest.pages) == 2
    assert "超时" in manifest.refused[0].reason


def test_a_child_that_writes_nonsense_is_not_believed(desk, sabotaged):
    manifest = import_both(desk, sabotaged("bench.say({'type': 'page', 'page': 1})"))
    assert len(manifest.pages) == 2
    assert "异常" in manifest.refused[0].reason


def test_a_child_that_names_a_foreign_file_stops_the_import(desk, sabotaged):
    lie = """
        from scanner.importing.wire import KeptDone
        from scanner.manifest import Kept, Kind
        bench.say(KeptDone(Kept(file='../good.jpg', sha256='0', kind=Kind.PDF)))
    """
    with pytest.raises(SurroundingsError) as stopped:
        import_both(desk, sabotaged(lie))
    assert stopped.value.code == "import_child_failed"
    assert (desk / "good.jpg").exists()


def test_pages_of_a_file_that_dies_half_way_are_taken_back(desk, sabotaged):
    image_pdf(desk / "bad.jpg", *[small_jpeg()] * 3)
    half = """
        said = bench.say
        def say(message):
            said(message)
            if bench.number == 2:
                os._exit(1)
        bench.say = say
    """
    manifest = import_both(desk, sabotaged(half))
    assert [page.file for page in manifest.pages] == ["0001.jpg", "0002.jpg"]
    assert names(desk / "in") == ["0001.jpg", "0002.jpg", "manifest.json"]


def test_a_full_disk_is_said_and_stops_the_import(desk, sabotaged):
    with pytest.raises(SurroundingsError) as stopped:
        import_both(desk, sabotaged("import errno; raise OSError(errno.ENOSPC, 'full')"))
    assert stopped.value.code == "disk_full"
    assert not (desk / "in" / "manifest.json").exists()


def test_a_child_that_cannot_start_is_no_fault_of_the_file(desk):
    with pytest.raises(SurroundingsError) as stopped:
        import_both(desk, lambda _kind: [sys.executable, "-c", "raise SystemExit(9)"])
    assert stopped.value.code == "import_child_failed"


def test_what_a_library_prints_does_not_disturb_the_messages(desk, sabotaged):
    manifest = import_both(desk, sabotaged("print('hello'); os.write(1, b'{\"type\": \"done\"}\\n')"))
    assert len(manifest.pages) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent signal is Linux's own")
def test_the_child_dies_with_the_counter(desk):
    script = (
        "import os, sys, time\n"
        "from scanner.confine import die_with_parent\n"
        "die_with_parent(int(sys.argv[1]))\n"
        "print('locked', flush=True)\n"
        "time.sleep(600)\n"
    )
    middle = (
        "import os, subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-c', {script!r}, str(os.getpid())], stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    root = str(Path(confine.__file__).resolve().parent.parent)
    counter = subprocess.Popen(
        [sys.executable, "-c", middle],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": root},
    )
    with counter:
        orphan = os.pidfd_open(int(counter.stdout.readline()))
        counter.send_signal(signal.SIGKILL)
        counter.wait()
        assert select.select([orphan], [], [], 20)[0], "the child outlived the counter"
        os.close(orphan)


def test_limits_hold_in_the_child(tmp_path):
    script = (
        "import resource, sys\n"
        "from scanner.confine import limit_process, allow_cpu\n"
        "limit_process(memory_bytes=1 << 30, file_bytes=1 << 20)\n"
        "allow_cpu(7)\n"
        "assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)\n"
        "assert resource.getrlimit(resource.RLIMIT_AS)[0] == 1 << 30\n"
        "assert 7 <= resource.getrlimit(resource.RLIMIT_CPU)[0] <= 10\n"
        "try:\n"
        "    open(sys.argv[1], 'wb').write(bytes(2 << 20))\n"
        "except OSError as error:\n"
        "    print(error.errno)\n"
    )
    root = str(Path(confine.__file__).resolve().parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "large")],
        env=os.environ | {"PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "27"
    assert (tmp_path / "large").stat().st_size <= 1 << 20


@pytest.mark.parametrize("argv", [[], ["unknown"], ["import", "more"]])
def test_a_wrong_hidden_argument_is_wrong_usage(argv, capsys):
    assert child.main(argv) == 2
    assert "usage" in capsys.readouterr().err
