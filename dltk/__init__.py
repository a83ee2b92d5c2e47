"""A deep-learning framework that its readers rebuild; names and behavior are PyTorch's."""

import warnings as _warnings
from math import e, inf, nan, pi

from dltk import autograd, func
from dltk import lazy_names as _lazy_names
from dltk.autograd import tables as _tables
from dltk.autograd.grad_modes import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from dltk.core import methods as _methods
from dltk.core.device import Device as device
from dltk.core.dtypes import DType as dtype
from dltk.core.dtypes import bool_ as bool
from dltk.core.dtypes import (
    finfo,
    float16,
    float32,
    float64,
    get_default_dtype,
    iinfo,
    int8,
    int16,
    int32,
    int64,
    set_default_dtype,
    uint8,
)
from dltk.core.printing import set_printoptions
from dltk.core.random_stream import Stream as Generator
from dltk.core.tensor import Size, Tensor
from dltk.ops import linalg
from dltk.ops import namespace as _namespace
from dltk.ops.aliases import *  # noqa: F403
from dltk.ops.arrange import *  # noqa: F403
from dltk.ops.bins import *  # noqa: F403
from dltk.ops.choice import *  # noqa: F403
from dltk.ops.compare import (
    allclose,
    bitwise_and,
    bitwise_left_shift,
    bitwise_not,
    bitwise_or,
    bitwise_right_shift,
    bitwise_xor,
    eq,
    equal,
    ge,
    gt,
    is_tensor,
    isclose,
    isfinite,
    isinf,
    isnan,
    le,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    lt,
    ne,
)
from dltk.ops.convert import from_dlpack, from_numpy
from dltk.ops.create import (
    arange,
    as_tensor,
    default_generator,
    empty,
    empty_like,
    eye,
    full,
    full_like,
    linspace,
    logspace,
    manual_seed,
    ones,
    ones_like,
    tensor,
    zeros,
    zeros_like,
)
from dltk.ops.division import *  # noqa: F403
from dltk.ops.draw import (
    bernoulli,
    multinomial,
    normal,
    rand,
    rand_like,
    randint,
    randint_like,
    randn,
    randn_like,
    randperm,
)
from dltk.ops.einsum import einsum
from dltk.ops.index import (
    gather,
    masked_fill,
    narrow,
    nonzero,
    select,
)
from dltk.ops.index_writing import *  # noqa: F403
from dltk.ops.join import cat, chunk, hstack, split, stack, unbind, vstack
from dltk.ops.linalg import cholesky, det, matrix_power, slogdet
from dltk.ops.linalg import inv as inverse
from dltk.ops.matrix import bmm, dot, matmul, mm, mv, outer
from dltk.ops.norms import *  # noqa: F403
from dltk.ops.options import *  # noqa: F403
from dltk.ops.pointwise import (
    abs,
    acos,
    add,
    asin,
    atan,
    ceil,
    clone,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    expm1,
    floor,
    log,
    log1p,
    log2,
    maximum,
    minimum,
    mul,
    neg,
    relu,
    round,
    rsqrt,
    sigmoid,
    sign,
    sin,
    sinh,
    sqrt,
    sub,
    tan,
    tanh,
    trunc,
)
from dltk.ops.powers import *  # noqa: F403
from dltk.ops.products import *  # noqa: F403
from dltk.ops.questions import *  # noqa: F403
from dltk.ops.rearrange import (
    broadcast_tensors,
    flip,
    fliplr,
    flipud,
    index_select,
    masked_select,
    repeat_interleave,
    roll,
    swapaxes,
    swapdims,
    take,
    tile,
)
from dltk.ops.reduce import (
    all,
    amax,
    amin,
    any,
    argmax,
    argmin,
    cumsum,
    max,
    mean,
    min,
    sum,
)
from dltk.ops.running import *  # noqa: F403
from dltk.ops.scattering import *  # noqa: F403
from dltk.ops.shape import (
    as_strided,
    detach,
    flatten,
    movedim,
    permute,
    reshape,
    squeeze,
    t,
    transpose,
    unflatten,
    unsqueeze,
)
from dltk.ops.sorting import argsort, median, sort, topk, unique
from dltk.ops.special import *  # noqa: F403
from dltk.ops.statistics import bincount, cumprod, logsumexp, prod, std, var, var_mean
from dltk.ops.summaries import *  # noqa: F403
from dltk.ops.ternary import *  # noqa: F403
from dltk.ops.triangular import diag, diagonal, tril, tril_indices, triu, triu_indices
from dltk.ops.types import (
    broadcast_shapes,
    broadcast_to,
    can_cast,
    numel,
    promote_types,
    result_type,
)

half, float, double = float16, float32, float64
short, int, long = int16, int32, int64

_tables.bind()
_methods.attach()
autograd.publish()
# Torch gives inf and nan without a word; NumPy's warnings would name files the reader never saw.
_warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"dltk\.")


def __getattr__(name: str):
    # `import dltk` should not wait for what a program may never touch.
    return _lazy_names.find(name)
