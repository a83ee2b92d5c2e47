"""Known-wrong and other right solutions of `lab3.function`."""

from autograder.misconceptions.spec import right, wrong


@wrong("lab3.function", blank="Function.apply")
def forward_is_recorded_too(cls, *args):
    """what forward does is recorded as well, beside the Function's own node."""
    context = Context(cls, args)
    results = cls.forward(context, *args)
    if not should_record([arg for arg in args if isinstance(arg, Tensor)]):
        return results
    node = FunctionNode(context, args)
    if not isinstance(results, tuple):
        return connect(results, node, 0, args)
    return tuple(connect(output, node, slot, args) for slot, output in enumerate(results))


@wrong("lab3.function", blank="Function.apply")
def forward_alone_is_recorded(cls, *args):
    """forward is recorded operation by operation, and backward is never asked."""
    return cls.forward(Context(cls, args), *args)


@wrong("lab3.function", blank="Function.apply")
def always_recorded(cls, *args):
    """a node is made even if no argument requires a gradient, or in no_grad."""
    context = Context(cls, args)
    with no_grad():
        results = cls.forward(context, *args)
    node = FunctionNode(context, args)
    if not isinstance(results, tuple):
        return connect(results, node, 0, args)
    return tuple(connect(output, node, slot, args) for slot, output in enumerate(results))


@wrong("lab3.function", blank="Function.apply")
def an_output_that_is_no_tensor_does_not_count(cls, *args):
    """an output that is no tensor is not connected, so that backward gets no gradient for it."""
    context = Context(cls, args)
    with no_grad():
        results = cls.forward(context, *args)
    if not should_record([arg for arg in args if isinstance(arg, Tensor)]):
        return results
    node = FunctionNode(context, args)
    if not isinstance(results, tuple):
        return connect(results, node, 0, args)
    return tuple(
        connect(output, node, slot, args) if isinstance(output, Tensor) else output
        for slot, output in enumerate(results)
    )


@wrong("lab3.function", blank="unpack")
def a_copy_without_a_question(saved):
    """saved tensors are handed back without asking whether somebody wrote to them since."""
    return tuple(tensor for tensor, version in saved)


@wrong("lab3.function", blank="match_arguments")
def gradients_for_tensors_only(gradients, needs_input_grad):
    """gradients are dealt out to the arguments that need one, as if the others had none."""
    given = iter(gradients if isinstance(gradients, tuple) else (gradients,))
    return tuple(next(given, None) if needed else None for needed in needs_input_grad)


@wrong("lab3.function", blank="match_arguments")
def missing_gradients_become_none(gradients, needs_input_grad):
    """missing gradients are filled up with None, and additional ones are dropped, silently."""
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    gradients += (None,) * len(needs_input_grad)
    return tuple(
        gradient if needed else None
        for gradient, needed in zip(gradients, needs_input_grad, strict=False)
    )


@right("lab3.function", blank="Function.apply")
def asked_before_forward_runs(cls, *args):
    """Another right way: decide first whether to record, then run forward with recording off."""
    recorded = should_record(tuple(arg for arg in args if isinstance(arg, Tensor)))
    context = Context(cls, args)
    with no_grad():
        results = cls.forward(context, *args)
    if recorded:
        node = FunctionNode(context, args)
        if isinstance(results, tuple):
            results = tuple([connect(z, node, i, args) for i, z in enumerate(results)])
        else:
            results = connect(results, node, 0, args)
    return results
