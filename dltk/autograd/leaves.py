"""Lab 3: where the backward pass begins and where it ends."""


def seed(root, gradient):
    """The gradient that the backward pass from `root` starts with.

    Given: `gradient`, a tensor of the shape of `root`, or `None`, which stands for 1 and is
    allowed only where `root` has a single element. `root.new_ones(shape)` makes ones of the dtype
    of `root`.

    Raises:
        RuntimeError: `root` does not require a gradient; it has several elements and there is no
            `gradient`; or the shapes differ.
    """
    # BEGIN SOLUTION lab3.leaves
    if not root.requires_grad:
        raise RuntimeError("element 0 of tensors does not require grad and does not have a grad_fn")
    if gradient is None:
        if root.numel() != 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        return root.new_ones(root.shape)
    if gradient.shape != root.shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[0] has a shape of {gradient.shape} and output[0] has "
            f"a shape of {root.shape}."
        )
    return gradient
    # END SOLUTION


def accumulate(tensor, gradient) -> None:
    """Add `gradient` to `tensor.grad`, which is `None` before the first one arrives.

    The tensor's gradient must not share memory with anything else: the same `gradient` may go to
    several tensors. A second gradient is added in place, so that whoever holds `tensor.grad` sees
    it; but where `gradient.requires_grad`, the sum is a new tensor, so that it is recorded.
    """
    # BEGIN SOLUTION lab3.leaves
    if tensor.grad is None:
        tensor.grad = gradient.clone()
    elif gradient.requires_grad or tensor.grad.requires_grad:
        tensor.grad = tensor.grad + gradient
    else:
        tensor.grad += gradient
    # END SOLUTION


def check_alive(node) -> None:
    """Refuse to go backward through a node whose saved tensors were freed (`node.freed`).

    Raises:
        RuntimeError: the node was freed by an earlier backward pass.
    """
    # BEGIN SOLUTION lab3.leaves
    if node.freed:
        raise RuntimeError(
            "Trying to backward through the graph a second time (or directly access saved tensors "
            "after they have already been freed). Saved intermediate values of the graph are freed "
            "when you call .backward() or autograd.grad(). Specify retain_graph=True if you need "
            "to backward through the graph a second time or if you need to access saved tensors "
            "after calling backward."
        )
    # END SOLUTION


def check_used(gradients, allow_unused: bool) -> None:
    """Refuse a gradient of `autograd.grad` that nothing arrived for, unless that is allowed.

    Given: `gradients`, a tensor or `None` for each input.

    Raises:
        RuntimeError: a gradient is `None` and `allow_unused` is false.
    """
    # BEGIN SOLUTION lab3.leaves
    if not allow_unused and any(gradient is None for gradient in gradients):
        raise RuntimeError(
            "One of the differentiated Tensors appears to not have been used in the graph. "
            "Set allow_unused=True if this is the desired behavior."
        )
    # END SOLUTION
