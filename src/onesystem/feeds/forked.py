"""Work done apart: in a process that is gone with the memory that it took when it is done."""

import os
import pickle
import traceback
from collections.abc import Callable
from typing import Any


def apart(work: Callable[[], Any]) -> Any:
    """What `work` gives, worked out in a process that is gone when this returns.

    Raises ChildProcessError where it came to nothing. The caller has no other thread.
    """
    reads, writes = os.pipe()
    pid = os.fork()
    if not pid:
        code = 1
        try:
            os.close(reads)
            with os.fdopen(writes, "wb") as pipe:
                pickle.dump(work(), pipe, protocol=pickle.HIGHEST_PROTOCOL)
            code = 0
        except BaseException:  # noqa: BLE001 - the last line of defence of a process
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    if status:
        raise ChildProcessError(f"it ended with {os.waitstatus_to_exitcode(status)}")
    return pickle.loads(said)  # noqa: S301 - our own process wrote it
