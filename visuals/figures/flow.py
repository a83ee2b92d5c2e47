"""How large activations and gradients are at each depth of a network."""

from __future__ import annotations

from typing import Any

from visuals.visual import Prediction, Table, Visual

PREDICT = Prediction(
    "Twenty layers of 64 units with sigmoid, weights of variance 1/64. A gradient of size 1 starts "
    "at the top. What is left of it at the first layer?",
    ("about a tenth", "about a millionth", "less than a billionth"),
    answer=2,
    because=(
        "Weights of this size leave the size as it is, on average. Each sigmoid multiplies by a "
        "quarter at most, and a quarter to the nineteenth is less than a hundred-billionth."
    ),
)
DEPTH = 20


def flow(
    model: Any = None,
    inputs: Any = None,
    *,
    activation: str = "sigmoid",
    init: str = "xavier",
    depth: int = DEPTH,
    predict: Prediction | None = PREDICT,
) -> Visual:
    """The size of activations and of gradients by depth, for an activation, an init and a depth.

    Args:
        model: a module of torch or of dltk that is measured and drawn beside the computed network.
        inputs: a batch for `model`.
        activation: the first choice: "linear", "sigmoid", "tanh" or "relu".
        init: the first choice: "small", "default", "xavier", "he" or "large".
        depth: how many layers the computed network has at first, 1 to 50.
    """
    own = [] if model is None else measured_flow(model, inputs)
    rows = [(each["layer"], each["activation"], each["gradient"]) for each in own]
    return Visual(
        "flow",
        data={"own": own, "activation": activation, "init": init, "depth": depth},
        title="What reaches the last layer, and what comes back to the first?",
        description=(
            "Two curves over the layers of a network of 64 units, on a logarithmic axis: the size "
            "of the activations, and the size of the gradient that arrives there when one of size "
            "1 starts at the top. Activation, initial weights and depth can be chosen. With "
            "sigmoid the gradient falls along a steep straight line; with ReLU and weights of "
            "variance 2/n both curves stay level."
        ),
        table=Table(
            ("layer of your model", "size of its output", "size of its gradient"),
            rows or [("no model was given", "", "")],
        ),
        predict=predict,
    )


def measured_flow(model: Any, inputs: Any) -> list[dict[str, Any]]:
    """Root mean squares at the output of each innermost module, in the order in which they ran.

    The gradient starts as ones at the model's output. Gradients of the parameters are emptied.
    """
    found: list[dict[str, Any]] = []

    def look(name: str) -> Any:
        def hook(module: Any, taken: Any, output: Any) -> None:
            entry = {
                "layer": f"{name} {type(module).__name__}".strip(),
                "activation": _size(output),
                "gradient": 0.0,
            }
            found.append(entry)
            output.register_hook(lambda gradient: entry.update(gradient=_size(gradient)))

        return hook

    innermost = [
        (name, module)
        for name, module in model.named_modules()
        if not any(True for _ in module.children())
    ]
    handles = [module.register_forward_hook(look(name)) for name, module in innermost]
    try:
        output = model(inputs)
        output.backward(output.detach() * 0 + 1)
    finally:
        for handle in handles:
            handle.remove()
    for parameter in model.parameters():
        parameter.grad = None
    return found


def _size(tensor: Any) -> float:
    return float((tensor.detach() ** 2).mean().item()) ** 0.5
