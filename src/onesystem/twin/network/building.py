"""The kernel through the compiler: from Python to machine code as one object.

Left to itself, the compiler optimises each function with all that it calls, again and again on the
way up; here it only translates them, and the whole is optimised once.
"""

import os
import sys
from pathlib import Path
from threading import Thread
from typing import Any

import llvmlite.binding as llvm
from numba import config, types

from onesystem.twin.network import kernel


def code() -> bytes:
    """The object, with the function `run`; takes a quarter of a minute."""
    held = config.OPT, config.LOOP_VECTORIZE, config.SLP_VECTORIZE
    config.OPT, config.LOOP_VECTORIZE, config.SLP_VECTORIZE = type(held[0])(0), 0, 0
    try:
        module = _translated(kernel.run, (types.int64, types.int64, types.int64))
    finally:
        config.OPT, config.LOOP_VECTORIZE, config.SLP_VECTORIZE = held
    return _optimised(module)


def _translated(function: Any, signature: tuple[Any, ...]) -> Any:
    """A module that has a function, by its name, and all that it calls, known inside only."""
    function.compile(signature)
    found = function.overloads[signature]
    module = llvm.parse_assembly(str(found.library._final_module))  # noqa: SLF001 - no other way
    for each in module.functions:
        if each.name == found.fndesc.llvm_func_name:
            each.name, each.linkage = function.__name__, "external"
        elif not each.is_declaration:
            each.linkage = "internal"
    for each in module.global_variables:
        each.linkage = each.linkage if each.is_declaration else "internal"
    return module


def _optimised(module: Any) -> bytes:
    target = llvm.Target.from_default_triple()
    machine = target.create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        codemodel="jitdefault",
        jit=True,
    )
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(3))
    builder.getModulePassManager().run(module, builder)
    return bytes(machine.emit_object(module))


def _end_with_parent() -> None:
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":  # a process of its own, for `compiled`
    Thread(target=_end_with_parent, daemon=True).start()
    Path(sys.argv[1]).write_bytes(code())
