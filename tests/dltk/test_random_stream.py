"""A seed gives torch's numbers, draw after draw."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dltk.core.random_stream import Stream

torch = pytest.importorskip("torch", reason="torch is not installed: its stream is compared with")

FLOATS = ["float16", "float32", "float64"]
SIZES = [0, 1, 2, 7, 15, 16, 17, 31, 32, 33, 100, 1000]
# Elsewhere than on Linux torch may round products and sums separately.
FUSED = sys.platform == "linux"


def pair(seed: int) -> tuple[Stream, "torch.Generator"]:
    return Stream(seed), torch.Generator().manual_seed(seed)


def units_apart(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    spacing = np.spacing(np.maximum(np.abs(ours), np.abs(theirs))).astype("float64")
    return np.abs(ours.astype("float64") - theirs.astype("float64")) / spacing


def assert_normals_agree(ours: np.ndarray, theirs: np.ndarray) -> None:
    assert ours.dtype == theirs.dtype
    assert ours.shape == theirs.shape
    apart = units_apart(ours, theirs)
    assert apart.max(initial=0) <= 4
    assert (apart > 1).sum() <= 1 + 0.02 * ours.size


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", FLOATS)
def test_rand_gives_exactly_torch_numbers(dtype, size):
    for seed in range(5):
        stream, generator = pair(seed)
        theirs = torch.rand(size, dtype=getattr(torch, dtype), generator=generator)
        np.testing.assert_array_equal(stream.rand((size,), dtype), theirs.numpy(), strict=True)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", FLOATS)
def test_randn_gives_torch_numbers_to_the_last_place(dtype, size):
    for seed in range(5):
        stream, generator = pair(seed)
        theirs = torch.randn(size, dtype=getattr(torch, dtype), generator=generator)
        assert_normals_agree(stream.randn((size,), dtype), theirs.numpy())
        assert stream.rand((2,)).tolist() == torch.rand(2, generator=generator).tolist()


@pytest.mark.parametrize("dtype", FLOATS)
def test_a_float16_that_rounds_up_to_the_end_becomes_the_beginning(dtype):
    stream, generator = pair(0)
    theirs = torch.rand(50_000, dtype=getattr(torch, dtype), generator=generator).numpy()
    ours = stream.rand((50_000,), dtype)
    np.testing.assert_array_equal(ours, theirs)
    assert (ours < 1).all()


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize(("low", "high"), [(-0.25, 0.25), (-0.3, 2.7), (0, 7), (5, 5), (1e3, 1e4)])
def test_uniform_numbers_of_an_interval_are_torch_numbers(dtype, low, high):
    stream, generator = pair(11)
    theirs = torch.empty(333, dtype=getattr(torch, dtype)).uniform_(low, high, generator=generator)
    slack = 0 if FUSED else 2 * float(np.finfo(dtype).eps) * max(abs(low), abs(high))
    ours = stream.uniform((333,), low, high, dtype)
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=0, atol=slack, strict=True)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("size", [1, 5, 16, 53])
def test_normal_numbers_of_any_mean_and_deviation_are_torch_numbers(dtype, size):
    stream, generator = pair(5)
    theirs = torch.empty(size, dtype=getattr(torch, dtype)).normal_(0.3, 2.5, generator=generator)
    tolerance = 12 * float(np.finfo(dtype).eps)
    ours = stream.normal((size,), 0.3, 2.5, dtype)
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=tolerance, atol=tolerance, strict=True)


def test_a_target_with_gaps_is_filled_number_by_number():
    stream, generator = pair(2)
    theirs = torch.empty(6, 10).t().normal_(generator=generator)
    assert_normals_agree(
        stream.normal((10, 6), contiguous=False).ravel(), theirs.t().numpy().ravel()
    )


@pytest.mark.parametrize("span", [1, 2, 10, 2**24, 2**28 - 1, 2**28, 2**32, 2**40 + 7, 2**63 - 1])
@pytest.mark.parametrize("low", [0, -5])
def test_integers_of_any_range_are_torch_integers(low, span):
    stream, generator = pair(span % 1000)
    theirs = torch.randint(low, low + span, (4, 5), generator=generator)
    np.testing.assert_array_equal(stream.randint(low, low + span, (4, 5)), theirs.numpy())


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int16", "int32", "int64", "float32", "bool"])
def test_integers_come_in_any_dtype(dtype):
    stream, generator = pair(8)
    theirs = torch.randint(0, 2, (9,), dtype=getattr(torch, dtype), generator=generator)
    np.testing.assert_array_equal(stream.randint(0, 2, (9,), dtype), theirs.numpy(), strict=True)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10, 257, 5000])
def test_permutations_are_those_of_torch_and_take_as_many_words(n):
    for seed in range(4):
        stream, generator = pair(seed)
        theirs = torch.randperm(n, generator=generator)
        np.testing.assert_array_equal(stream.randperm(n), theirs.numpy(), strict=True)
        assert stream.rand((2,)).tolist() == torch.rand(2, generator=generator).tolist()


def test_a_64_bit_draw_is_the_seed_of_a_shuffling_sampler():
    stream, generator = pair(6)
    theirs = torch.empty((), dtype=torch.int64).random_(generator=generator).item()
    assert stream.random64() % 2**63 == theirs


draws = st.sampled_from(["rand", "randn", "randint", "randperm", "uniform", "double", "half"])


@settings(max_examples=150, deadline=None)
@given(st.integers(-(2**63), 2**64 - 1), st.lists(st.tuples(draws, st.integers(0, 40)), max_size=8))
def test_any_sequence_of_draws_stays_in_step_with_torch(seed, calls):
    stream, generator = pair(seed)
    assert stream.initial_seed() == generator.initial_seed()
    for kind, size in calls:
        if kind == "rand":
            assert stream.rand((size,)).tolist() == torch.rand(size, generator=generator).tolist()
        elif kind == "uniform":
            low = torch.empty(size).uniform_(-1, 1, generator=generator)
            assert stream.uniform((size,), -1, 1).tolist() == low.tolist()
        elif kind == "randint":
            theirs = torch.randint(0, 10, (size,), generator=generator).tolist()
            assert stream.randint(0, 10, (size,)).tolist() == theirs
        elif kind == "randperm":
            theirs = torch.randperm(size, generator=generator).tolist()
            assert stream.randperm(size).tolist() == theirs
        else:
            dtype = {"randn": "float32", "double": "float64", "half": "float16"}[kind]
            theirs = torch.randn(size, dtype=getattr(torch, dtype), generator=generator).numpy()
            np.testing.assert_allclose(stream.randn((size,), dtype), theirs, rtol=1e-2, atol=1e-6)
    assert stream.random64() % 2**63 == (
        torch.empty((), dtype=torch.int64).random_(generator=generator).item()
    )


@pytest.mark.parametrize("words", [0, 1, 5, 623, 624, 625, 2000])
def test_a_state_goes_from_torch_to_us_and_back(words):
    stream, generator = pair(99)
    torch.rand(words, generator=generator)
    torch.randn(3, generator=generator)
    resumed = Stream().set_state(generator.get_state().numpy())
    assert resumed.initial_seed() == 99
    np.testing.assert_array_equal(resumed.randn((700,)), stream_after(words).randn((700,)))
    stream.rand((words,))
    stream.randn((3,))
    back = torch.Generator().set_state(torch.from_numpy(stream.get_state()))
    assert torch.rand(5, generator=back).tolist() == torch.rand(5, generator=generator).tolist()
    ours = stream.set_state(stream.get_state()).randn((1,))
    assert ours.tolist() == pytest.approx(stream_after(words).randn((1,)).tolist())


def stream_after(words: int) -> Stream:
    stream = Stream(99)
    stream.rand((words,))
    stream.randn((3,))
    return stream


def test_a_snapshot_repeats_what_followed_it():
    stream = Stream(4)
    stream.randn((3,))
    snapshot = stream.get_state()
    first = stream.randn((3,)), stream.rand((40,))
    stream.set_state(snapshot)
    again = stream.randn((3,)), stream.rand((40,))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])


def test_seed_begins_a_new_stream_and_says_which():
    stream = Stream()
    chosen = stream.seed()
    assert chosen == stream.initial_seed()
    assert stream.rand((3,)).tolist() == Stream(chosen).rand((3,)).tolist()
    assert chosen != Stream().seed()


def test_a_fresh_stream_starts_where_a_fresh_torch_starts():
    assert Stream().initial_seed() == torch.Generator().initial_seed()
    assert Stream().rand((3,)).tolist() == torch.rand(3, generator=torch.Generator()).tolist()


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda s: s.manual_seed(2**64), ValueError, "between -2\\*\\*63 and 2\\*\\*64"),
        (lambda s: s.randint(5, 5, (2,)), RuntimeError, "from=5 >= to=5"),
        (lambda s: s.randint(0, 300, (2,), "uint8"), RuntimeError, "out of bounds for uint8"),
        (lambda s: s.randint(-1, 3, (2,), "uint8"), RuntimeError, "out of bounds for uint8"),
        (lambda s: s.randperm(-1), RuntimeError, "-1"),
        (lambda s: s.uniform((2,), 5, 3), RuntimeError, "from=5 > to=3"),
        (lambda s: s.normal((2,), 0, -1), RuntimeError, "found std -1"),
        (lambda s: s.rand((2,), "int64"), NotImplementedError, "int64"),
        (lambda s: s.randn((2,), "int64"), NotImplementedError, "int64"),
        (lambda s: s.set_state(np.zeros(3, "uint8")), RuntimeError, "5056"),
        (lambda s: s.set_state(np.zeros(5056, "uint8")), RuntimeError, "not the state"),
    ],
)
def test_impossible_requests_are_refused_by_name(call, error, says):
    with pytest.raises(error, match=says):
        call(Stream(0))
