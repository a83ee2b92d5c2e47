"""Models that make data."""

import math
from typing import Any

from programs.registry import program
from programs.synthetic import digits


@program("float32")
def two_nets_play_against_each_other(lib: Any) -> dict[str, Any]:
    """A GAN: the discriminator sees what was detached, the generator what was not."""
    lib.manual_seed(0)
    nn = lib.nn
    generator = nn.Sequential(nn.Linear(3, 8), nn.LeakyReLU(0.2), nn.Linear(8, 2), nn.Tanh())
    discriminator = nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1))
    criterion = nn.BCEWithLogitsLoss()
    for module in (generator, discriminator):
        module.apply(
            lambda m: nn.init.normal_(m.weight, std=0.2) if isinstance(m, nn.Linear) else None
        )
    g_optimizer = lib.optim.Adam(generator.parameters(), lr=0.01, betas=(0.5, 0.999))
    d_optimizer = lib.optim.Adam(discriminator.parameters(), lr=0.01, betas=(0.5, 0.999))
    steps = []
    for _ in range(8):
        real = 0.3 * lib.randn(16, 2) + lib.tensor([0.5, -0.5])
        fake = generator(lib.randn(16, 3))
        d_loss = criterion(discriminator(real), lib.ones(16, 1)) + criterion(
            discriminator(fake.detach()), lib.zeros(16, 1)
        )
        d_optimizer.zero_grad()
        d_loss.backward()
        d_optimizer.step()
        g_loss = criterion(discriminator(fake), lib.ones_like(real[:, :1]))
        g_optimizer.zero_grad()
        g_loss.backward()
        g_optimizer.step()
        steps.append((d_loss.item(), g_loss.item()))
    return {
        "losses": steps,
        "generator": dict(generator.state_dict()),
        "discriminator": dict(discriminator.state_dict()),
    }


@program("float32")
def a_variational_autoencoder_learns(lib: Any) -> dict[str, Any]:
    """Reparametrized noise, a reconstruction and a divergence, both logged."""

    class Variational(lib.nn.Module):
        def __init__(self, size: int, hidden: int, code: int):
            super().__init__()
            self.encoder = lib.nn.Linear(size, hidden)
            self.mean, self.log_variance = lib.nn.Linear(hidden, code), lib.nn.Linear(hidden, code)
            self.decoder = lib.nn.Sequential(
                lib.nn.Linear(code, hidden), lib.nn.ReLU(), lib.nn.Linear(hidden, size)
            )

        def forward(self, x: Any) -> Any:
            hidden = lib.relu(self.encoder(x))
            mean, log_variance = self.mean(hidden), self.log_variance(hidden)
            code = mean + lib.randn_like(mean) * (0.5 * log_variance).exp()
            return self.decoder(code), mean, log_variance

    lib.manual_seed(1)
    images, _ = digits(lib, 32)
    x = images.view(32, -1)
    model = Variational(64, 16, 2)
    optimizer = lib.optim.Adam(model.parameters(), lr=1e-2)
    steps = []
    for _ in range(8):
        logits, mean, log_variance = model(x)
        rebuilt = lib.nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        divergence = -0.5 * (1 + log_variance - mean.pow(2) - log_variance.exp()).sum()
        loss = (rebuilt + divergence) / len(x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        steps.append((rebuilt.item(), divergence.item()))
    with lib.no_grad():
        samples = model.decoder(lib.randn(3, 2)).sigmoid()
    return {"losses": steps, "samples": samples, "text": str(model)}


@program()
def a_flow_is_fitted_by_its_density(lib: Any) -> dict[str, Any]:
    """Affine couplings with swapped halves: log-likelihood, and the way back."""

    class Coupling(lib.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = lib.nn.Sequential(lib.nn.Linear(1, 6), lib.nn.Tanh(), lib.nn.Linear(6, 2))

        def forward(self, x: Any) -> Any:
            kept, moved = x.split(1, dim=1)
            shift, log_scale = self.net(kept).unbind(1)
            log_scale = log_scale.tanh()
            moved = moved * log_scale.exp().unsqueeze(1) + shift.unsqueeze(1)
            return lib.cat([moved, kept], dim=1), log_scale

        def inverse(self, y: Any) -> Any:
            moved, kept = y[:, :1], y[:, 1:]
            shift, log_scale = self.net(kept).unbind(1)
            moved = (moved - shift[:, None]) * (-log_scale.tanh()).exp()[:, None]
            return lib.cat([kept, moved], dim=1)

    lib.manual_seed(2)
    x = lib.randn(32, 2)
    x[:, 1] = x[:, 0] ** 2 * 0.5 + 0.2 * x[:, 1]
    flow = lib.nn.ModuleList([Coupling() for _ in range(3)])
    optimizer = lib.optim.Adam(flow.parameters(), lr=0.02)
    losses, gradients = [], []
    for _ in range(8):
        z, logdet = x, lib.zeros(32)
        for layer in flow:
            z, log_scale = layer(z)
            logdet = logdet + log_scale
        log_density = -0.5 * z.square().sum(1) - math.log(2 * math.pi) + logdet
        loss = -log_density.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append(flow[0].net[0].weight.grad.clone())
    with lib.no_grad():
        z = lib.randn(4, 2)
        samples = z
        for layer in reversed(flow):
            samples = layer.inverse(samples)
        back = samples
        for layer in flow:
            back, _ = layer(back)
    return {
        "loss": losses,
        "gradient": gradients,
        "samples": samples,
        "returns": lib.allclose(back, z),
    }


@program()
def a_mixture_answers_with_several_values(lib: Any) -> dict[str, Any]:
    """A mixture density network on an inverted sine: logsumexp of weighted normals."""
    lib.manual_seed(3)
    y = lib.rand(48, 1) * 4 - 2
    x = (2 * y).sin() + y * 0.3 + 0.05 * lib.randn(48, 1)
    model = lib.nn.Sequential(lib.nn.Linear(1, 10), lib.nn.Tanh(), lib.nn.Linear(10, 9))
    optimizer = lib.optim.Adam(model.parameters(), lr=0.02)
    losses, gradients = [], []
    for _ in range(12):
        logits, means, log_spreads = model(x).reshape(-1, 3, 3).unbind(1)
        spreads = lib.nn.functional.softplus(log_spreads) + 1e-2
        log_weights = lib.nn.functional.log_softmax(logits, dim=1)
        log_normals = -0.5 * ((y - means) / spreads) ** 2 - spreads.log()
        loss = -lib.logsumexp(log_weights + log_normals, dim=1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        gradients.append(model[2].bias.grad.clone())
    chosen = logits.argmax(dim=1, keepdim=True)
    return {"loss": losses, "gradient": gradients, "answers": means.gather(1, chosen)}


@program("float32")
def noise_is_removed_step_by_step(lib: Any) -> dict[str, Any]:
    """Diffusion: a schedule by cumprod, noise predicted, samples drawn backwards."""
    lib.manual_seed(4)
    steps = 6
    betas = lib.linspace(0.05, 0.4, steps)
    kept = lib.cumprod(1 - betas, dim=0)
    data = lib.randn(32, 2) * 0.1 + lib.tensor([1.0, -1.0])
    nn = lib.nn
    model = nn.Sequential(nn.Linear(3, 16), nn.SiLU(), nn.Linear(16, 2))
    optimizer = lib.optim.Adam(model.parameters(), lr=0.01)
    losses, drawn = [], []
    for _ in range(10):
        when = lib.randint(0, steps, (32,))
        noise = lib.randn(32, 2)
        share = kept[when].unsqueeze(1)
        noisy = share.sqrt() * data + (1 - share).sqrt() * noise
        predicted = model(lib.hstack([noisy, when.unsqueeze(1) / steps]))
        loss = nn.functional.mse_loss(predicted, noise)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        drawn.append(when)
    path = []
    with lib.no_grad():
        x = lib.randn(5, 2)
        for when in reversed(range(steps)):
            time = lib.full((5, 1), when / steps)
            predicted = model(lib.cat([x, time], dim=1))
            x = (x - betas[when] / (1 - kept[when]).sqrt() * predicted) / (1 - betas[when]).sqrt()
            if when > 0:
                x += betas[when].sqrt() * lib.randn(5, 2)
            path.append(x.clone())
    return {"loss": losses, "drawn": drawn, "path": path}


@program()
def an_energy_is_lowered_where_data_is(lib: Any) -> dict[str, Any]:
    """Contrastive divergence: Langevin steps on the input, then a step on the weights."""
    lib.manual_seed(5)
    data = 0.3 * lib.randn(16, 2) + 1
    energy = lib.nn.Sequential(lib.nn.Linear(2, 8), lib.nn.Softplus(), lib.nn.Linear(8, 1))
    optimizer = lib.optim.SGD(energy.parameters(), lr=0.05)
    gaps, samples = [], []
    x = lib.randn(16, 2)
    for _ in range(6):
        for _ in range(4):
            x = x.detach().requires_grad_()
            (slope,) = lib.autograd.grad(energy(x).sum(), x)
            x = x - 0.1 * slope + 0.1 * lib.randn(16, 2)
        x = x.detach()
        gap = energy(data).mean() - energy(x).mean()
        optimizer.zero_grad()
        (gap + 0.01 * energy(data).square().mean()).backward()
        optimizer.step()
        gaps.append(gap.item())
        samples.append(x)
    return {"gap": gaps, "samples": samples}
