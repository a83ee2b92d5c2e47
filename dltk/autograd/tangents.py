"""Lab 2: how a tangent goes through an operation."""


def propagate(rules, tangents):
    """The tangent of a result: what each operand's tangent contributes, summed.

    Given: `rules`, one function for each operand, from the operand's tangent to its contribution;
    `tangents`, one tensor for each operand, or `None` for one without a tangent, which counts as
    zero.
    """
    total = None
    for rule, tangent in zip(rules, tangents, strict=True):
        if tangent is not None:
            contribution = rule(tangent)
            total = contribution if total is None else total + contribution
    return total
