"""Keeping the processes of a served district small: what they share, and what they give back.

The libraries are loaded once and shared by fork. What a process takes for itself beyond that it
seldom gives back, since live objects lie among the dead ones: so a process that has grown makes
room for a fresh one, which costs a few milliseconds.
"""

import ctypes
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

MOST = 12 << 20  # bytes that a process may grow by before a fresh one takes its place
# Bytes that it may have for itself: what it shared at first, and has written to since. An ordinary
# page takes 30 MB, most of it by counting references; a worker that ends for that serves few.
OWN = 32 << 20
_EVERY = 32  # looks until one at what it has for itself, which takes milliseconds
_TRIM, _MMAP, _ARENAS = -1, -3, -8  # names of settings in glibc's malloc.h
_LARGE = 256 << 10
_STEP = 16  # every piece of glibc's heap has a multiple of this
_DONT_NEED = 4  # MADV_DONTNEED
_PRIVATE = re.compile(r"^Private_(?:Clean|Dirty):\s+(\d+) kB", re.MULTILINE)
_PIECE = re.compile(r"^(?=[0-9a-f]+-[0-9a-f]+ )", re.MULTILINE)
_READ = re.compile(r"([0-9a-f]+)-([0-9a-f]+) r-[x-]p .* /")
_CLEAN = "\nAnonymous:             0 kB\n"


def give_back() -> None:
    """Let large pieces of memory go back to the system as soon as they are free (glibc only)."""
    with suppress(OSError, AttributeError):
        set_ = ctypes.CDLL(None).mallopt
        for what, value in ((_ARENAS, 1), (_MMAP, _LARGE), (_TRIM, _LARGE)):
            set_(what, value)


def trim() -> None:
    """Give back what is free at the end of the heap and in whole pages of it (glibc only)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def fill_gaps() -> int:
    """Take what is free between the pieces of the heap, for good; how many bytes (glibc only).

    To be called before a fork. What is free lies scattered over a thousand pages of memory, and
    the allocator writes a note into each when it first looks through them: every process that it
    forks would then have all those pages for itself, for the few hundred kilobytes that are free.
    With no gaps left, they take fresh memory side by side.
    """
    with suppress(OSError, AttributeError):
        return _taken(*_allocator())
    return 0


def _allocator() -> tuple[Callable[[int], int], Callable[[int], None], int]:
    """What takes and gives memory, and where the heap ends that has been handed out so far."""
    libc = ctypes.CDLL(None)
    libc.mallinfo2.restype = _Heap
    libc.sbrk.restype = ctypes.c_void_p
    take, give = libc.malloc, libc.free
    take.restype, take.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    give.restype, give.argtypes = None, [ctypes.c_void_p]
    return take, give, libc.sbrk(0) - libc.mallinfo2().keepcost


def _taken(take: Callable[[int], int], give: Callable[[int], None], end: int) -> int:
    taken = 0
    for size in range(_LARGE >> 1, 0, -_STEP):  # the larger first, or it is cut up for the small
        while (piece := take(size)) < end:
            taken += size
        give(piece)
    return taken


def let_go_of_files() -> None:
    """Unmap the pages of programs and libraries that this process has read (Linux only).

    Loading a library runs through much of it; a process that only waits from then on needs
    little. What was never written to, the system brings back from the file when it is read again.
    """
    with suppress(OSError, AttributeError):
        advise = ctypes.CDLL(None).madvise
        advise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        for first, last in _unwritten(Path("/proc/self/smaps").read_text()):
            advise(first, last - first, _DONT_NEED)


def _unwritten(maps: str) -> Iterator[tuple[int, int]]:
    """Where files are mapped that may not be written to and never were: not by the linker either,
    which writes addresses into data before it shuts it.
    """
    for piece in _PIECE.split(maps)[1:]:
        if (found := _READ.match(piece)) and _CLEAN in piece:
            yield int(found[1], 16), int(found[2], 16)


class _Heap(ctypes.Structure):
    """What glibc tells of its heap, in bytes and pieces; `keepcost` is free at its end."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    )


class Growth:
    """How much a process has grown since this was made.

    Reading an object counts a reference to it, and that is a write: a page that was shared by the
    fork becomes the process's own, though the process seems no larger. So what it has for itself
    is looked at too, now and then.
    """

    def __init__(self) -> None:
        self._begun = _held()
        self._looks = 0

    def too_much(self, most: int = MOST, own: int = OWN) -> bool:
        """Whether it has grown by more than so many bytes, or has more than so many of its own."""
        self._looks += 1
        if _held() - self._begun > most:
            return True
        if self._looks % _EVERY:
            return False
        trim()
        return _own() > own


def _held() -> int:
    """Bytes of memory that no file backs; 0 where the system does not say."""
    try:
        _, resident, backed, *_ = Path("/proc/self/statm").read_text().split()
    except OSError:
        return 0
    return (int(resident) - int(backed)) * os.sysconf("SC_PAGE_SIZE")


def _own() -> int:
    """Bytes that no other process shares; 0 where the system does not say."""
    try:
        told = Path("/proc/self/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(kilobytes) << 10 for kilobytes in _PRIVATE.findall(told))
