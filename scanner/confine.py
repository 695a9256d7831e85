"""Locks a child process in before it reads a single byte that came from outside."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

if sys.platform != "win32":
    import resource

PR_SET_PDEATHSIG = 1
OPEN_FILES = 256


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends; Linux only, elsewhere a closed pipe ends the child.

    ``parent`` is the process id that started us: when it is already gone, we end at once.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def limit_process(*, memory_bytes: int, file_bytes: int) -> None:
    """Cap address space and the size of any file written; no core dumps, which would hold the applicant's papers."""
    if sys.platform == "win32":
        return
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    _lower(resource.RLIMIT_FSIZE, file_bytes)
    _lower(resource.RLIMIT_AS, memory_bytes)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def allow_cpu(seconds: int) -> None:
    """Give the process this many more seconds of processor time; the kernel ends it when they are used up."""
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _lower(which: int, value: int) -> None:
    """Set a limit to the value, or to the hard limit where that is lower already."""
    if sys.platform == "win32":
        return
    _, hard = resource.getrlimit(which)
    allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (allowed, allowed))
