"""The kernel as machine code: made once on a machine, kept, and loaded without the compiler.

The compiler looks at all functions one by one, and that takes a while; what comes of it is a small
object that needs nothing but the mathematical functions of the system. It is kept in the user's
cache folder, named after the text of all its sources, the compiler and the processor.
"""

import ctypes
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_SOURCES = ("arrivals", "building", "coming", "distributions", "draws", "heap", "kernel", "layout",
            "logs", "memory", "moves", "nodes", "passing", "people", "rests")  # fmt: skip
_NATIVE = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_int64), ctypes.POINTER(ctypes.c_void_p),
    ctypes.c_int64, ctypes.c_int64, ctypes.c_int64,
)  # fmt: skip


class Kernel:
    """The kernel loaded; Python's other threads go on while it runs."""

    def __init__(self, code: bytes) -> None:
        import llvmlite.binding as llvm

        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        machine = llvm.Target.from_default_triple().create_target_machine()
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        self._run = _NATIVE(self._engine.get_function_address("run"))

    def run(self, head: Any, until: int, most: int) -> int:
        """Run to a time or for so many events, or until more room is needed; says why it ended.

        `head` is that of `state.Run`.
        """
        answer, failed = ctypes.c_int64(0), ctypes.c_void_p(0)
        where = head.ctypes.data
        if self._run(ctypes.byref(answer), ctypes.byref(failed), where, until, most):
            msg = "the kernel has failed"
            raise RuntimeError(msg)
        return answer.value


@lru_cache(maxsize=1)
def kernel() -> Kernel:
    """The kernel; made by the first process of a machine that asks, kept for all others."""
    path = _path()
    if not path.is_file():
        with _alone(path):
            if not path.is_file():
                _made(path)
    return Kernel(path.read_bytes())


def _made(path: Path) -> None:
    """Make the code in a process of its own, which ends when this one is interrupted.

    The compiler answers no signal while it optimises, and needs 250 MB that are not given back.
    That process watches its input, which ends with this one, however that ends.
    """
    fresh = path.with_suffix(f".{os.getpid()}")
    build = [sys.executable, "-m", "onesystem.twin.network.building", str(fresh)]
    made = subprocess.Popen(build, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603
    try:
        if made.wait():
            msg = "the kernel could not be compiled"
            raise RuntimeError(msg)
        fresh.replace(path)
    finally:
        if made.stdin:
            made.stdin.close()
        made.kill()
        made.wait()
        fresh.unlink(missing_ok=True)


def there() -> bool:
    """Whether the code has been made on this machine before; else it takes a quarter minute."""
    return _path().is_file()


def _path() -> Path:
    """Where the code of this version for this processor lies."""
    from llvmlite.binding import get_host_cpu_features, get_host_cpu_name

    digest = blake2b(digest_size=8)
    for name in ("numba", "llvmlite"):
        digest.update(version(name).encode())
    digest.update(get_host_cpu_name().encode() + get_host_cpu_features().flatten().encode())
    for name in _SOURCES:
        digest.update((_HERE / f"{name}.py").read_bytes())
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "onesystem" / f"twin-{digest.hexdigest()}.o"


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Only one process makes the code; the others wait and read what it kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
