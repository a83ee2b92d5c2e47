"""Known-wrong and other right solutions of `lab3.gradcheck`."""

from autograder.misconceptions.spec import right, wrong


@wrong("lab3.gradcheck", blank="numerical_column")
def one_sided(f, x, index, eps):
    """the difference is one-sided: a step forward only."""
    before = x[index].item()
    here = f()
    x[index] = before + eps
    forward = f()
    x[index] = before
    return (forward - here) / eps


@wrong("lab3.gradcheck", blank="numerical_column")
def a_step_that_drowns_in_rounding(f, x, index, eps):
    """the step is 1e-10, so small that rounding drowns the difference."""
    before = x[index].item()
    x[index] = before + 1e-10
    forward = f()
    x[index] = before - 1e-10
    backward = f()
    x[index] = before
    return (forward - backward) / 2e-10


@wrong("lab3.gradcheck", blank="numerical_column")
def a_step_that_is_too_wide(f, x, index, eps):
    """the step is 0.1, so wide that the function bends in between."""
    before = x[index].item()
    x[index] = before + 0.1
    forward = f()
    x[index] = before - 0.1
    backward = f()
    x[index] = before
    return (forward - backward) / 0.2


@wrong("lab3.gradcheck", blank="numerical_column")
def single_precision(f, x, index, eps):
    """the results are compared in float32, where rounding drowns the difference."""
    before = x[index].item()
    x[index] = before + eps
    forward = f().float()
    x[index] = before - eps
    backward = f().float()
    x[index] = before
    return (forward - backward).double() / (2 * eps)


@wrong("lab3.gradcheck", blank="numerical_column")
def not_divided_by_both_steps(f, x, index, eps):
    """the difference over two steps is divided by one."""
    before = x[index].item()
    x[index] = before + eps
    forward = f()
    x[index] = before - eps
    backward = f()
    x[index] = before
    return (forward - backward) / eps


@wrong("lab3.gradcheck", blank="numerical_column")
def the_input_stays_moved(f, x, index, eps):
    """the element is not put back to its value after the differences."""
    before = x[index].item()
    x[index] = before + eps
    forward = f()
    x[index] = before - eps
    backward = f()
    return (forward - backward) / (2 * eps)


@wrong("lab3.gradcheck", blank="numerical_column")
def put_back_by_arithmetic(f, x, index, eps):
    """the element is put back by adding eps again, which rounding makes another number."""
    x[index] = x[index] + eps
    forward = f()
    x[index] = x[index] - 2 * eps
    backward = f()
    x[index] = x[index] + eps
    return (forward - backward) / (2 * eps)


@wrong("lab3.gradcheck", blank="agree")
def nan_slips_through(numerical, analytical, atol, rtol):
    """it is asked whether an element is too far off, which NaN never is."""
    return not bool(((analytical - numerical).abs() > atol + rtol * numerical.abs()).any())


@wrong("lab3.gradcheck", blank="agree")
def only_the_sum_is_compared(numerical, analytical, atol, rtol):
    """only the sums of the two Jacobians are compared, not each element."""
    difference = (analytical.sum() - numerical.sum()).abs()
    return bool(difference <= atol + rtol * numerical.sum().abs())


@wrong("lab3.gradcheck", blank="agree")
def the_sign_of_the_error_is_kept(numerical, analytical, atol, rtol):
    """the difference is compared without its absolute value, so that too small a slope passes."""
    return bool((analytical - numerical <= atol + rtol * numerical.abs()).all())


@wrong("lab3.gradcheck", blank="agree")
def one_agreeing_element_is_enough(numerical, analytical, atol, rtol):
    """one element that agrees is enough."""
    return bool(((analytical - numerical).abs() <= atol + rtol * numerical.abs()).any())


def _no_element_disagrees(numerical, analytical, atol, rtol):
    for n, a in zip(numerical.reshape(-1).tolist(), analytical.reshape(-1).tolist(), strict=True):
        if not abs(a - n) <= atol + rtol * abs(n):
            return False
    return True


@right("lab3.gradcheck", blank="numerical_column", also={"agree": _no_element_disagrees})
def halves_of_each_side(f, x, index, eps):
    """Another right way: the mean of the forward and the backward difference, number by number."""
    before = x[index].item()
    here = f()
    x[index] = before + eps
    ahead = (f() - here) / eps
    x[index] = before - eps
    behind = (here - f()) / eps
    x[index] = before
    return (ahead + behind) / 2
