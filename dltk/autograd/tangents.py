"""Lab 2: how tangents go through an operation, on one level and on several.

A derivative of a derivative has two levels of tangents. Levels are numbered from 0, the outermost;
what a tensor carries is a dict from level to tangent, empty without any. The tangent of a level is
itself a tensor, which may carry tangents of lower levels.
"""


def propagate(rules, tangents):
    """The tangent of a result: what each operand's tangent contributes, summed.

    Given: `rules`, one function for each operand, from the operand's tangent to its contribution;
    `tangents`, one tensor for each operand, or `None` for one without a tangent, which counts as
    zero. Without any the result has none either: `None`.
    """
    total = None
    for rule, tangent in zip(rules, tangents, strict=True):
        if tangent is not None:
            contribution = rule(tangent)
            total = contribution if total is None else total + contribution
    return total


def lower(carried, level):
    """What a tensor may carry while the tangent of `level` is computed from it.

    That are its tangents of lower levels, in a new dict: they belong to derivatives further out,
    for which the tangent of `level` is a value like any other.
    """
    return {each: tangent for each, tangent in carried.items() if each < level}


def propagate_levels(rules_at, carried):
    """`(level, tangent)` of a result for each level of which any operand carries a tangent.

    Given: `carried`, for each operand what it carries; `rules_at(level)`, the rules that
    `propagate` wants for this level. They may use the result with its tangents of lower levels, so
    that levels come in order, the lowest first.
    """
    for level in sorted({level for each in carried for level in each}):
        yield level, propagate(rules_at(level), [each.get(level) for each in carried])
