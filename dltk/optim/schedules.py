"""Lab 5: how learning rates change from epoch to epoch.

Each function gives the new rates, one for each group. `rates` are those that the groups have now:
whoever changed one by hand keeps the change. `initial` are those they began with. `epoch` counts
from 0 and has just begun.
"""

import math


def step_rates(rates: list, epoch: int, step_size: int, gamma: float) -> list:
    """Multiply by `gamma` every `step_size` epochs."""
    if epoch == 0 or epoch % step_size != 0:
        return list(rates)
    return [rate * gamma for rate in rates]


def multistep_rates(rates: list, epoch: int, milestones, gamma: float) -> list:
    """Multiply by `gamma` once for each time that `epoch` is in `milestones`.

    Given: `milestones`, a `collections.Counter`, so that `milestones[epoch]` is that number.
    """
    if epoch not in milestones:
        return list(rates)
    return [rate * gamma ** milestones[epoch] for rate in rates]


def cosine_rates(rates: list, initial: list, epoch: int, half_period: int, least: float) -> list:
    """Follow half a cosine from the initial rate, at epoch 0, to `least`, at epoch `half_period`.

    The new rate's distance from `least` is a multiple of the present one's, except where that is
    0: an epoch after a lowest point.
    """
    if (epoch - 1 - half_period) % (2 * half_period) == 0:
        rise = (1 - math.cos(math.pi / half_period)) / 2
        return [rate + (start - least) * rise for rate, start in zip(rates, initial, strict=True)]
    now, before = (1 + math.cos(math.pi * each / half_period) for each in (epoch, epoch - 1))
    return [now / before * (rate - least) + least for rate in rates]


def lambda_rates(initial: list, epoch: int, factors: list) -> list:
    """Multiply each group's initial rate by its own function of the epoch."""
    return [start * factor(epoch) for start, factor in zip(initial, factors, strict=True)]
