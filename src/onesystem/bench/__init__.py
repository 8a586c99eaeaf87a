"""The benchmarks of the product: each prints its figures beside a peer or a stated limit.

Figures are CPU seconds of this process and its children where the machine is shared. A benchmark
is not a test: nothing fails because the machine was busy.
"""

from onesystem.bench.shape import Row, benchmarks, cpu_seconds, register

__all__ = ["Row", "benchmarks", "cpu_seconds", "register"]
