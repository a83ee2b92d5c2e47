"""Known-wrong and other right solutions of `lab3.leaves`."""

from autograder.misconceptions.spec import right, wrong


@wrong("lab3.leaves", blank="accumulate")
def overwritten(tensor, gradient):
    """.grad is overwritten by each backward pass instead of adding up."""
    tensor.grad = gradient.clone()


@wrong("lab3.leaves", blank="accumulate")
def the_incoming_array_itself(tensor, gradient):
    """.grad is the incoming gradient itself, which other tensors may hold too."""
    if tensor.grad is None:
        tensor.grad = gradient
    else:
        tensor.grad = tensor.grad + gradient


@wrong("lab3.leaves", blank="accumulate")
def whoever_holds_grad_is_left_behind(tensor, gradient):
    """a second gradient makes a new tensor, and whoever holds the former .grad does not see it."""
    tensor.grad = gradient.clone() if tensor.grad is None else tensor.grad + gradient


@wrong("lab3.leaves", blank="accumulate")
def retain_grad_is_ignored(tensor, gradient):
    """only leaves get a .grad, also where retain_grad() asked for one."""
    if not tensor.is_leaf:
        return
    if tensor.grad is None:
        tensor.grad = gradient.clone()
    else:
        tensor.grad += gradient


@wrong("lab3.leaves", blank="seed")
def kept_on_the_result_too(root, gradient):
    """a gradient is kept on an inner node, the result where the backward pass begins, too."""
    if not root.requires_grad:
        raise RuntimeError("the result does not require a gradient")
    if gradient is None:
        if root.numel() != 1:
            raise RuntimeError("several elements need a gradient")
        gradient = root.new_ones(root.shape)
    if gradient.shape != root.shape:
        raise RuntimeError("the gradient has another shape than the result")
    if not root.is_leaf:
        root.grad = gradient
    return gradient


@wrong("lab3.leaves", blank="seed")
def a_vector_begins_with_ones(root, gradient):
    """a vector without a gradient begins with ones instead of being refused."""
    if not root.requires_grad:
        raise RuntimeError("the result does not require a gradient")
    if gradient is None:
        return root.new_ones(root.shape)
    if gradient.shape != root.shape:
        raise RuntimeError("the gradient has another shape than the result")
    return gradient


@wrong("lab3.leaves", blank="seed")
def the_shape_of_the_seed_is_not_checked(root, gradient):
    """a gradient of any shape is taken as the beginning, if only it can be broadcast."""
    if not root.requires_grad:
        raise RuntimeError("the result does not require a gradient")
    if gradient is None:
        if root.numel() != 1:
            raise RuntimeError("several elements need a gradient")
        return root.new_ones(root.shape)
    return gradient


@wrong("lab3.leaves", blank="check_alive")
def a_freed_graph_is_not_noticed(node):
    """a graph whose saved tensors were freed is gone through without complaint."""
    return None


@wrong("lab3.leaves", blank="check_used")
def an_unused_input_is_not_noticed(gradients, allow_unused):
    """autograd.grad gives None for an unused input instead of an error."""
    return None


def _begin(root, gradient):
    if not root.requires_grad:
        raise RuntimeError("the result does not require a gradient")
    if gradient is None and root.numel() == 1:
        gradient = root.new_ones(root.shape)
    if gradient is None or tuple(gradient.shape) != tuple(root.shape):
        raise RuntimeError("a backward pass begins with a gradient of the shape of the result")
    return gradient.clone()


@right("lab3.leaves", blank="accumulate", also={"seed": _begin})
def begin_with_zeros(tensor, gradient):
    """Another right way: .grad begins as zeros, to which every gradient is added."""
    if gradient.requires_grad or (tensor.grad is not None and tensor.grad.requires_grad):
        tensor.grad = gradient.clone() if tensor.grad is None else tensor.grad + gradient
        return
    if tensor.grad is None:
        tensor.grad = tensor.new_zeros(tensor.shape)
    tensor.grad.add_(gradient)
