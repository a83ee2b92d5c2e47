"""Lab 3: operations whose backward pass is written by hand."""

from dltk.autograd.custom import Context, FunctionNode, connect
from dltk.autograd.grad_modes import no_grad
from dltk.autograd.modes import should_record
from dltk.core.tensor import Tensor


class Function:
    """An operation with its own derivative, as `torch.autograd.Function`.

    A subclass has two static methods: `forward(ctx, *args)` computes, and keeps what it needs with
    `ctx.save_for_backward(...)`; `backward(ctx, *gradients)` gets one gradient for each output and
    returns one, or `None`, for each argument of `forward`.
    """

    @staticmethod
    def forward(ctx, *args):
        raise NotImplementedError("a Function needs a static method forward(ctx, *args)")

    @staticmethod
    def backward(ctx, *gradients):
        raise NotImplementedError("a Function needs a static method backward(ctx, *gradients)")

    @classmethod
    def apply(cls, *args):
        """Run `forward` and, where needed, put one node for it into the graph.

        Given: `Context(cls, args)` is the `ctx`; `FunctionNode(context, args)` is the node;
        `connect(output, node, slot, args)` gives `output` number `slot` as a result of the node.
        What `forward` does is not recorded: the node stands for all of it. `forward` returns a
        tensor or a tuple of outputs. Connect each, in order: one that is no tensor comes back as it
        is, and counts: `backward` gets a gradient for it too.
        """
        # BEGIN SOLUTION lab3.function
        context = Context(cls, args)
        with no_grad():
            results = cls.forward(context, *args)
        if not should_record([arg for arg in args if isinstance(arg, Tensor)]):
            return results
        node = FunctionNode(context, args)
        if not isinstance(results, tuple):
            return connect(results, node, 0, args)
        return tuple(connect(output, node, slot, args) for slot, output in enumerate(results))
        # END SOLUTION


def unpack(saved):
    """The tensors that `save_for_backward` kept.

    Given: `saved`, a list of `(tensor, version)` with the version at the time of saving; a tensor
    that is `None` stays a `None`. `tensor._version` counts the writes to the tensor's memory.

    Raises:
        RuntimeError: a tensor was written to since it was saved.
    """
    # BEGIN SOLUTION lab3.function
    for tensor, version in saved:
        if tensor is not None and tensor._version != version:
            raise RuntimeError(
                "one of the variables needed for gradient computation has been modified by an "
                f"inplace operation: [{list(tensor.shape)}] is at version {tensor._version}; "
                f"expected version {version} instead."
            )
    return tuple(tensor for tensor, version in saved)
    # END SOLUTION


def match_arguments(gradients, needs_input_grad):
    """What `backward` returned, as one gradient or `None` for each argument of `forward`.

    Given: `gradients`, a tensor, `None` or a tuple of those; `needs_input_grad`, one flag for each
    argument. A gradient for an argument that needs none is dropped. More gradients than arguments
    are fine as long as the additional ones are `None`.

    Raises:
        RuntimeError: too few gradients, or additional ones that are not `None`.
    """
    # BEGIN SOLUTION lab3.function
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    expected = len(needs_input_grad)
    if len(gradients) < expected or any(each is not None for each in gradients[expected:]):
        raise RuntimeError(
            "a Function's backward returned an incorrect number of gradients "
            f"(expected {expected}, got {len(gradients)})"
        )
    return tuple(
        gradient if needed else None
        for gradient, needed in zip(gradients, needs_input_grad, strict=False)
    )
    # END SOLUTION
