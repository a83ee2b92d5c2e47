"""Lab 3: is a backward pass right? Ask small differences."""


def numerical_column(f, x, index, eps):
    """How the result of `f` changes with one element of `x`: a column of the Jacobian.

    Given: `f()` computes its result from the present values of `x`, a float64 tensor that may be
    written to; `index`, a tuple that names the element; `eps`, the step. Central differences: a
    step forward, a step back, and `x` as it was before.
    """
    # BEGIN SOLUTION lab3.gradcheck
    before = x[index].item()
    x[index] = before + eps
    forward = f()
    x[index] = before - eps
    backward = f()
    x[index] = before
    return (forward - backward) / (2 * eps)
    # END SOLUTION


def agree(numerical, analytical, atol, rtol) -> bool:
    """Whether two Jacobians agree in each element: |a - n| ≤ atol + rtol · |n|.

    NaN agrees with nothing.
    """
    # BEGIN SOLUTION lab3.gradcheck
    difference = (analytical - numerical).abs()
    return bool((difference <= atol + rtol * numerical.abs()).all())
    # END SOLUTION
