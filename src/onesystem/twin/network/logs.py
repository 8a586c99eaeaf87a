"""Logarithm and exponential in plain arithmetic, so that they are the same on every machine.

Systems differ in the last place of theirs, and a draw would differ with them. The polynomials are
those of fdlibm (Sun Microsystems, 1993), within one unit of the last place. Only for what draws
need: positive normal numbers.
"""

from onesystem.twin.network.memory import bits, native, real

_HIGH, _LOW, _OVER = 6.93147180369123816490e-01, 1.90821492927058770002e-10, 1.44269504088896338700
_L = (
    6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01,
    2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01,
    1.479819860511658591e-01,
)  # fmt: skip
_E = (
    1.66666666666666019037e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05,
    -1.65339022054652515390e-06, 4.13813679705723846039e-08,
)  # fmt: skip
_FRACTION, _ONE = (1 << 52) - 1, 1023 << 52
_ROOT = 0x6A09F << 32  # the fraction from which a number is halved, so that 1 is in the middle


@native
def log(x: float) -> float:
    """The natural logarithm."""
    n = bits(x)
    fraction = n & _FRACTION
    more = 1 if fraction > _ROOT else 0
    k = float((n >> 52) - 1023 + more)
    f = real(fraction | (_ONE - (more << 52))) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    t = w * (_L[1] + w * (_L[3] + w * _L[5]))
    t += z * (_L[0] + w * (_L[2] + w * (_L[4] + w * _L[6])))
    half = 0.5 * f * f
    return float(k * _HIGH - ((half - (s * (half + t) + k * _LOW)) - f))


@native
def exp(x: float) -> float:
    """The exponential; from 700 on as that of 700, and 0 from -700 on down."""
    if x < -700.0:
        return 0.0
    x = min(x, 700.0)
    k = int(x * _OVER + (0.5 if x > 0.0 else -0.5))
    high, low = x - k * _HIGH, k * _LOW
    x = high - low
    t = x * x
    c = x - t * (_E[0] + t * (_E[1] + t * (_E[2] + t * (_E[3] + t * _E[4]))))
    return float((1.0 - ((low - x * c / (2.0 - c)) - high)) * real((k + 1023) << 52))
