"""Lab 5: gradients that are kept from getting too large."""

import dltk


def total_norm(gradients: list, norm_type: float):
    """The norm of all gradients together, as if they were one vector; 0 if there are none.

    A tensor without dimensions.
    """
    if not gradients:
        return dltk.tensor(0.0)
    norms = [dltk.norm(gradient, norm_type) for gradient in gradients]
    return dltk.norm(dltk.stack(norms), norm_type)


def scale_down(gradients: list, norm, max_norm: float) -> None:
    """Multiply the gradients, in place, by the one factor that brings `norm` to `max_norm`.

    They are never made larger. 1e-6 is added to `norm`, which may be 0.
    """
    factor = dltk.clamp(max_norm / (norm + 1e-6), max=1.0)
    for gradient in gradients:
        gradient.mul_(factor)


def limit(gradients: list, largest: float) -> None:
    """Bring every element of the gradients, in place, into `[-largest, largest]`."""
    for gradient in gradients:
        gradient.clamp_(-largest, largest)
