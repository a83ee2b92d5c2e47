"""Lab 6: dropout."""

from dltk.ops.create import empty_like


def dropout(input, p, training):
    """Each element 0 with probability `p`, else x / (1 - `p`); in evaluation x itself.

    So the expected value stays x. A new mask is drawn at every call; the gradient passes through
    the same mask. `empty_like(input).bernoulli_(q)` is 1 with probability q, else 0.
    """
    if not training or p == 0:
        return input
    if p == 1:
        return input * 0
    kept = empty_like(input).bernoulli_(1 - p)
    return input * (kept / (1 - p))
