"""Images and windows."""

from typing import Any

from programs.registry import program
from programs.synthetic import digits


@program("float32")
def a_small_network_reads_digits(lib: Any) -> dict[str, Any]:
    """Convolution, pooling, a classifier; train and eval, accuracy, the model's text."""
    lib.manual_seed(0)
    nn = lib.nn
    images, labels = digits(lib, 48)
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 8, 3, padding=1, stride=2, bias=False),
        nn.LeakyReLU(0.1),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.0),
        nn.Linear(8, 4),
    )
    optimizer = lib.optim.Adam(model.parameters(), lr=0.02)
    losses, accuracy = [], []
    for _ in range(4):
        model.train()
        for inputs, targets in zip(images.split(16), labels.split(16), strict=True):
            loss = nn.functional.cross_entropy(model(inputs), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        with lib.no_grad():
            accuracy.append((model(images).argmax(1) == labels).sum().item())
    return {
        "loss": losses,
        "right": accuracy,
        "gradient": [p.grad for p in model.parameters()],
        "state": dict(model.state_dict()),
        "text": str(model),
    }


@program()
def a_residual_block_is_normalized(lib: Any) -> dict[str, Any]:
    """BatchNorm between convolutions with a way around them; running statistics, then eval."""

    class Block(lib.nn.Module):
        def __init__(self, inputs: int, outputs: int, stride: int):
            super().__init__()
            nn = lib.nn
            self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
            self.bn1 = nn.BatchNorm2d(outputs)
            self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
            self.bn2 = nn.BatchNorm2d(outputs, momentum=0.3)
            self.around = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs)
            )

        def forward(self, x: Any) -> Any:
            relu = lib.nn.functional.relu
            return relu(self.around(x) + self.bn2(self.conv2(relu(self.bn1(self.conv1(x))))))

    lib.manual_seed(1)
    images, labels = digits(lib, 16)
    model = lib.nn.Sequential(
        Block(1, 3, 1),
        Block(3, 4, 2),
        lib.nn.AdaptiveAvgPool2d(1),
        lib.nn.Flatten(),
        lib.nn.Linear(4, 4),
    )
    lib.nn.init.kaiming_normal_(model[0].conv1.weight, nonlinearity="relu")
    optimizer = lib.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
    losses, gradients, moments = [], [], []
    for _ in range(5):
        model.train()
        loss = lib.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append([p.grad.clone() for p in model.parameters()])
        moments.append((model[1].bn2.running_mean.clone(), model[1].bn2.running_var.clone()))
    model.eval()
    alone, together = model(images[:1]), model(images)[:1]
    return {
        "loss": losses,
        "gradient": gradients,
        "moments": moments,
        "alone": alone,
        "together": lib.allclose(alone, together),
        "batches": model[0].bn1.num_batches_tracked,
        "state": dict(model.state_dict()),
    }


@program("float32")
def an_image_is_compressed_and_rebuilt(lib: Any) -> dict[str, Any]:
    """Down by strides, up by ConvTranspose2d, a skip joined by cat: a small U-shaped net."""

    class Net(lib.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            nn = lib.nn
            self.down = nn.Conv2d(1, 4, 3, stride=2, padding=1)
            self.inner = nn.Conv2d(4, 6, 3, padding=2, dilation=2)
            self.up = nn.ConvTranspose2d(6, 4, 2, stride=2)
            self.out = nn.Conv2d(5, 1, 1)

        def forward(self, x: Any) -> Any:
            silu = lib.nn.functional.silu
            hidden = silu(self.inner(silu(self.down(x))))
            return self.out(lib.cat([silu(self.up(hidden)), x], dim=1))

    lib.manual_seed(2)
    clean, _ = digits(lib, 12)
    model = Net()
    optimizer = lib.optim.AdamW(model.parameters(), lr=0.01)
    losses = []
    for _ in range(6):
        noisy = clean + 0.3 * lib.randn_like(clean)
        loss = lib.nn.functional.mse_loss(model(noisy), clean)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {"loss": losses, "gradient": [p.grad for p in model.parameters()], "text": str(model)}


@program()
def a_style_is_a_matrix_of_products(lib: Any) -> dict[str, Any]:
    """Gram matrices of fixed features; the image itself is optimized, with a smoothness term."""
    lib.manual_seed(3)
    features = lib.nn.Sequential(
        lib.nn.Conv2d(2, 4, 3), lib.nn.Tanh(), lib.nn.MaxPool2d(2, stride=1), lib.nn.Conv2d(4, 5, 3)
    ).requires_grad_(False)
    style, content = lib.rand(1, 2, 10, 10), lib.rand(1, 2, 10, 10)

    def gram(image: Any) -> Any:
        flat = features(image).flatten(2)
        return flat @ flat.transpose(1, 2) / flat.shape[-1]

    wanted = gram(style)
    image = content.clone().requires_grad_()
    optimizer = lib.optim.Adam([image], lr=0.05)
    losses, gradients = [], []
    for _ in range(8):
        rough = (image[..., 1:] - image[..., :-1]).abs().mean()
        loss = (gram(image) - wanted).square().sum() + 0.1 * (image - content).square().mean()
        optimizer.zero_grad()
        (loss + 0.01 * rough).backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append(image.grad.clone())
        with lib.no_grad():
            image.clamp_(0, 1)
    return {"loss": losses, "gradient": gradients, "image": image}


@program()
def a_series_is_convolved_without_looking_ahead(lib: Any) -> dict[str, Any]:
    """Conv1d, dilated and padded at the left; GroupNorm, LayerNorm and RMSNorm; MaxPool1d."""

    class Causal(lib.nn.Module):
        def __init__(self, channels: int, dilation: int):
            super().__init__()
            self.before = 2 * dilation
            self.conv = lib.nn.Conv1d(channels, channels, 3, dilation=dilation, groups=2)
            self.norm = lib.nn.GroupNorm(2, channels)

        def forward(self, x: Any) -> Any:
            padded = lib.nn.functional.pad(x, (self.before, 0))
            return x + lib.nn.functional.gelu(self.norm(self.conv(padded)))

    lib.manual_seed(4)
    nn = lib.nn
    x = lib.randn(3, 4, 16)
    model = nn.Sequential(
        Causal(4, 1), Causal(4, 2), nn.MaxPool1d(2), nn.LayerNorm([4, 8]), nn.RMSNorm(8)
    )
    optimizer = lib.optim.SGD(model.parameters(), lr=0.1)
    losses, gradients = [], []
    for _ in range(5):
        loss = (model(x)[:, 0] - x[:, 0, ::2].cumsum(-1)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append([p.grad.clone() for p in model.parameters()])
    past = x.clone().requires_grad_()
    model[0](past)[:, :, 5].sum().backward()
    return {"loss": losses, "gradient": gradients, "reach": past.grad.abs().sum((0, 1)) > 0}


@program()
def an_image_is_made_to_deceive(lib: Any) -> dict[str, Any]:
    """Saliency and the fast gradient sign method: derivatives by the pixels, in several steps."""
    lib.manual_seed(5)
    images, labels = digits(lib, 24)
    nn = lib.nn
    model = nn.Sequential(
        nn.Conv2d(1, 3, 3),
        nn.Softplus(),
        nn.AdaptiveAvgPool2d((2, 2)),
        nn.Flatten(),
        nn.Linear(12, 4),
    )
    optimizer = lib.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(5):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()
    attacked = images.clone()
    losses, gradients = [], []
    for _ in range(4):
        attacked.requires_grad_()
        loss = nn.functional.cross_entropy(model(attacked), labels)
        (slope,) = lib.autograd.grad(loss, attacked)
        attacked = (attacked + 0.02 * slope.sign()).detach()
        attacked = lib.minimum(lib.maximum(attacked, images - 0.05), images + 0.05).clamp(0, 1)
        losses.append(loss.item())
        gradients.append(slope)
    scores = model(images.requires_grad_())
    (saliency,) = lib.autograd.grad(scores.gather(1, labels[:, None]).sum(), images)
    return {
        "loss": losses,
        "gradient": gradients,
        "saliency": saliency.abs().amax(dim=1),
        "fooled": (model(attacked).argmax(1) != labels).sum(),
    }


@program()
def windows_are_taken_and_put_back(lib: Any) -> dict[str, Any]:
    """Edge filters by conv2d, the same by unfold and a product; fold adds up what overlaps."""
    functional = lib.nn.functional
    lib.manual_seed(6)
    x = lib.randn(2, 3, 7, 6, requires_grad=True)
    sobel = lib.tensor([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])
    weight = lib.stack([sobel, sobel.T]).unsqueeze(1).repeat(1, 3, 1, 1)
    edges = functional.conv2d(x, weight, stride=2, padding=1)
    columns = functional.unfold(x, 3, stride=2, padding=1)
    by_product = (weight.flatten(1) @ columns).view_as(edges)
    restored = functional.fold(columns, (7, 6), 3, stride=2, padding=1)
    strength = (edges[:, 0] ** 2 + edges[:, 1] ** 2 + 1e-3).sqrt()
    (first,) = lib.autograd.grad(strength.sum(), x, create_graph=True)
    (second,) = lib.autograd.grad(first.square().sum(), x)
    pooled, where = functional.max_pool2d(x, 3, stride=2, padding=1, return_indices=True)
    averaged = functional.avg_pool2d(x, 3, stride=2, padding=1, count_include_pad=False)
    (pool_gradient,) = lib.autograd.grad((pooled * averaged).sum(), x)
    return {
        "edges": edges,
        "same": lib.allclose(edges, by_product),
        "restored": restored,
        "first grad": first,
        "second grad": second,
        "pooled": (pooled, where, averaged),
        "pool grad": pool_gradient,
    }


@program("float32")
def dropping_keeps_the_expectation(lib: Any) -> dict[str, Any]:
    """Dropout's masks are not comparable, what they keep is: values, shares, modes, gradients."""
    lib.manual_seed(7)
    dropout, channels = lib.nn.Dropout(0.25), lib.nn.Dropout2d(0.5)
    x = lib.ones(200, 50, requires_grad=True)
    y = dropout(x)
    y.sum().backward()
    planes = channels(lib.ones(40, 20, 3, 3)).flatten(2)
    dropout.eval()
    found = {
        "values": lib.unique(y.detach()),
        "near": abs((y == 0).float().mean().item() - 0.25) < 0.03,
        "mask is the gradient": lib.equal(x.grad, y.detach()),
        "another mask": lib.equal(lib.nn.functional.dropout(x, 0.25), y),
        "whole planes": bool((planes == planes[..., :1]).all()),
        "plane values": lib.unique(planes),
        "eval": dropout(x) is x or lib.equal(dropout(x), x),
        "all": lib.nn.functional.dropout(x, 1.0).sum(),
        "none": lib.nn.functional.dropout(x, 0.0).sum(),
        "text": f"{dropout} {channels}",
    }
    # On some processors torch draws masks from a stream of its own.
    lib.manual_seed(7)
    return found
