"""Numbers by their address: how compiled functions reach the state of a run.

Every table of a run is a numpy array of 8-byte numbers that Python owns; compiled code is given the
address of one list of addresses and of single numbers (`layout`). Handing a bundle of arrays from
function to function instead was measured: each call copied and counted references of all of them,
which made the kernel 50 times slower and its compilation take minutes.

Nothing here checks bounds. Only `tables.fresh` makes the tables, and only `running` makes them
larger, before the kernel would need it.
"""

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

native = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""Compiled, to be called by compiled functions only; a division by 0 is not looked for."""

_INT, _FLOAT = ir.IntType(64), ir.DoubleType()


def _place(builder: Any, args: Any, kind: Any) -> Any:
    # Told as a place in a list, the compiler takes several columns at a time in a loop.
    return builder.gep(builder.inttoptr(args[0], kind.as_pointer()), [args[1]])


@intrinsic
def get(_: Any, row: Any, column: Any) -> Any:
    """The whole number in a column of the row at an address."""

    def code(__: Any, builder: Any, ___: Any, args: Any) -> Any:
        return builder.load(_place(builder, args, _INT))

    return types.int64(types.int64, types.int64), code


@intrinsic
def put(_: Any, row: Any, column: Any, value: Any) -> Any:
    """Set the whole number in a column of a row."""

    def code(context: Any, builder: Any, __: Any, args: Any) -> Any:
        builder.store(args[2], _place(builder, args, _INT))
        return context.get_dummy_value()

    return types.none(types.int64, types.int64, types.int64), code


@intrinsic
def add(_: Any, row: Any, column: Any, value: Any) -> Any:
    """Add to the whole number in a column of a row; gives what it is now."""

    def code(__: Any, builder: Any, ___: Any, args: Any) -> Any:
        place = _place(builder, args, _INT)
        total = builder.add(builder.load(place), args[2])
        builder.store(total, place)
        return total

    return types.int64(types.int64, types.int64, types.int64), code


@intrinsic
def get_real(_: Any, row: Any, column: Any) -> Any:
    """The real number in a column of a row."""

    def code(__: Any, builder: Any, ___: Any, args: Any) -> Any:
        return builder.load(_place(builder, args, _FLOAT))

    return types.float64(types.int64, types.int64), code


@intrinsic
def put_real(_: Any, row: Any, column: Any, value: Any) -> Any:
    """Set the real number in a column of a row."""

    def code(context: Any, builder: Any, __: Any, args: Any) -> Any:
        builder.store(args[2], _place(builder, args, _FLOAT))
        return context.get_dummy_value()

    return types.none(types.int64, types.int64, types.float64), code


@intrinsic
def add_real(_: Any, row: Any, column: Any, value: Any) -> Any:
    """Add to the real number in a column of a row."""

    def code(context: Any, builder: Any, __: Any, args: Any) -> Any:
        place = _place(builder, args, _FLOAT)
        builder.store(builder.fadd(builder.load(place), args[2]), place)
        return context.get_dummy_value()

    return types.none(types.int64, types.int64, types.float64), code


_EVENT = ir.IntType(128)  # the time in the upper half, the order in the lower, which has no sign


def _event(builder: Any, address: Any) -> Any:
    return builder.load(builder.inttoptr(address, _EVENT.as_pointer()), align=16)


@intrinsic
def first_of_four(_: Any, row: Any) -> Any:
    """Where the first of the four events is that begin at an address; made without a guess."""

    def code(__: Any, builder: Any, ___: Any, args: Any) -> Any:
        rows = [builder.add(args[0], ir.Constant(_INT, 16 * n)) for n in range(4)]
        found = [(row, _event(builder, row)) for row in rows]
        while len(found) > 1:
            (a, x), (b, y) = found.pop(0), found.pop(0)
            less = builder.icmp_signed("<", y, x)
            found.append((builder.select(less, b, a), builder.select(less, y, x)))
        return found[0][0]

    return types.int64(types.int64), code


@intrinsic
def sooner(_: Any, order: Any, time: Any, row: Any) -> Any:
    """Whether an order and a time come before the event at an address."""

    def code(__: Any, builder: Any, ___: Any, args: Any) -> Any:
        upper = builder.shl(builder.sext(args[1], _EVENT), ir.Constant(_EVENT, 64))
        mine = builder.or_(upper, builder.zext(args[0], _EVENT))
        return builder.icmp_signed("<", mine, _event(builder, args[2]))

    return types.boolean(types.int64, types.int64, types.int64), code


@intrinsic
def clear(_: Any, row: Any, count: Any) -> Any:
    """Set so many numbers from an address on to 0."""

    def code(context: Any, builder: Any, __: Any, args: Any) -> Any:
        eight = ir.IntType(8)
        fill = builder.module.declare_intrinsic("llvm.memset", (eight.as_pointer(), _INT))
        builder.call(fill, [
            builder.inttoptr(args[0], eight.as_pointer()), ir.Constant(eight, 0),
            builder.shl(args[1], ir.Constant(_INT, 3)), ir.Constant(ir.IntType(1), 0),
        ])  # fmt: skip
        return context.get_dummy_value()

    return types.none(types.int64, types.int64), code


@intrinsic
def bits(_: Any, number: Any) -> Any:
    """The bits of a real number as a whole number."""

    def code(__: Any, builder: Any, ___: Any, args: Any) -> Any:
        return builder.bitcast(args[0], _INT)

    return types.int64(types.float64), code


@intrinsic
def real(_: Any, number: Any) -> Any:
    """The real number that has these bits."""

    def code(__: Any, builder: Any, ___: Any, args: Any) -> Any:
        return builder.bitcast(args[0], _FLOAT)

    return types.float64(types.int64), code


@intrinsic
def doublings(_: Any, number: Any) -> Any:
    """The whole part of the logarithm to the base 2 of a number above 0."""

    def code(__: Any, builder: Any, ___: Any, args: Any) -> Any:
        zeros = builder.ctlz(args[0], ir.Constant(ir.IntType(1), 1))
        return builder.sub(ir.Constant(_INT, 63), zeros)

    return types.int64(types.int64), code
