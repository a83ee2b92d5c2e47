"""Known-wrong and other right solutions of `lab3.rules`."""

from autograder.misconceptions.spec import right, wrong


def _the_other_factor(ops, g, x):
    return x


def _result(ops, g, z):
    return z


def _cosine(ops, g, x):
    return ops.cos(x)


@wrong(
    "lab3.rules",
    blank="mul_x",
    also={"mul_y": _the_other_factor, "exp_x": _result, "sin_x": _cosine},
)
def the_adjoint_is_left_out(ops, g, y):
    """a rule gives the derivative itself and forgets to multiply by the adjoint g."""
    return y


@wrong("lab3.rules", blank="sub_y")
def the_sign_of_the_second_operand_of_sub(ops, g):
    """the second operand of a difference gets g instead of -g."""
    return g


@wrong("lab3.rules", blank="div_y")
def the_sign_of_the_second_operand_of_div(ops, g, x, y):
    """the second operand of a quotient gets its gradient without the minus sign."""
    return g * (x / y) / y


@wrong("lab3.rules", blank="div_y")
def the_square_in_the_quotient_is_forgotten(ops, g, x, y):
    """the second operand of a quotient gets -g x / y instead of -g x / y²."""
    return -g * x / y


def _root_of_the_result(ops, g, z):
    return g / (2 * ops.sqrt(z))


def _tanh_of_the_result(ops, g, z):
    return g * (1 - ops.tanh(z) * ops.tanh(z))


@wrong(
    "lab3.rules",
    blank="exp_x",
    also={"sqrt_x": _root_of_the_result, "tanh_x": _tanh_of_the_result},
)
def the_result_is_taken_for_the_operand(ops, g, z):
    """the saved result z is taken for the operand x, so that the function is applied twice."""
    return g * ops.exp(z)


def _method_of_the_operand(ops, g, x):
    return -g * x.sin()


@wrong("lab3.rules", blank="sin_x", also={"cos_x": _method_of_the_operand})
def a_method_of_the_operand_is_called(ops, g, x):
    """a rule calls a method of its operand, such as x.cos(), which plain arrays do not have."""
    return g * x.cos()


@wrong("lab3.rules", blank="sqrt_x")
def the_half_in_the_root_is_forgotten(ops, g, z):
    """the slope of the square root is taken as 1/z instead of 1/(2z)."""
    return g / z


@wrong("lab3.rules", blank="pow_x")
def the_exponent_does_not_come_down(ops, g, x, y):
    """the slope of a power is taken as x^(y-1), without the factor y."""
    return g * x ** (y - 1)


def _slope_one_at_zero(ops, g, x):
    return ops.where(x >= 0, g, -g)


@wrong("lab3.rules", blank="relu_x", also={"abs_x": _slope_one_at_zero})
def the_kink_belongs_to_the_right_side(ops, g, z):
    """relu and abs have slope 1 at their kink."""
    return g * (z >= 0)


@wrong("lab3.rules", blank="maximum_x")
def a_tie_goes_to_the_first(ops, g, x, y):
    """in a tie of maximum the whole gradient goes to the first operand."""
    return g * (x >= y)


def _whole_to_the_second(ops, g, x, y):
    return g * (y >= x)


@wrong("lab3.rules", blank="maximum_x", also={"maximum_y": _whole_to_the_second})
def a_tie_counts_twice(ops, g, x, y):
    """in a tie of maximum each side gets the whole gradient."""
    return g * (x >= y)


def _over_the_square(ops, g, x, y):
    return -(g * x) / (y * y)


def _product_rule(ops, g, z):
    return g - g * z * z


def _half_over_the_root(ops, g, z):
    return 0.5 * g / z


def _chosen_by_sign(ops, g, x):
    return ops.where(x > 0, g, ops.where(x < 0, -g, 0 * g))


@right(
    "lab3.rules",
    blank="relu_x",
    also={
        "div_y": _over_the_square,
        "tanh_x": _product_rule,
        "sqrt_x": _half_over_the_root,
        "abs_x": _chosen_by_sign,
    },
)
def other_forms_of_the_same_slopes(ops, g, z):
    """Another right way: where() instead of multiplying by a comparison, and other forms."""
    return ops.where(z > 0, g, 0 * g)
