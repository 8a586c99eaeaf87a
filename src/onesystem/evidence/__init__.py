"""Did it work? Designs that say how large an effect was, how sure that is, and what it leans on.

The designs are pure: `its`, `did`, `staggered`, `synth`, `wedge`, `discontinuity`, `changepoint`,
and `power` for before. Each gives a `result.Result`: the effect with its interval, in its own unit
and in people, days and money a year; every assumption with its figure; what cannot be concluded.
Numbers are worked out in numpy, imported where they are needed: a page worker stays light.
"""
