"""`no_grad` and its kin: contexts that are also decorators."""

import functools
import inspect
import warnings

from dltk.autograd import modes
from dltk.autograd.state import state


class _Decorator:
    """A context manager of which an instance, or a class without arguments, wraps functions."""

    def clone(self):
        return type(self)()

    def __call__(self, function):
        if inspect.isclass(function):
            warnings.warn(
                "Decorating classes is deprecated: only the construction of their objects is in "
                "the mode. Decorate the functions instead.",
                FutureWarning,
                stacklevel=2,
            )
        if inspect.isgeneratorfunction(function):
            return self._around_generator(function)

        @functools.wraps(function)
        def inside(*args, **kwargs):
            with self.clone():
                return function(*args, **kwargs)

        return inside

    def _around_generator(self, function):
        """`function`, whose parts between two `yield` run in the mode, and its user's do not."""

        @functools.wraps(function)
        def inside(*args, **kwargs):
            generator = function(*args, **kwargs)
            resume, sent = generator.send, None
            while True:
                try:
                    with self.clone():
                        value = resume(sent)
                except StopIteration as end:
                    return end.value
                try:
                    resume, sent = generator.send, (yield value)
                except GeneratorExit:
                    with self.clone():
                        generator.close()
                    raise
                except BaseException as error:
                    resume, sent = generator.throw, error

        return inside


class no_grad(modes.GradMode, _Decorator):  # noqa: N801, torch's name
    """Inside, operations are not recorded."""

    enabled = False

    def __new__(cls, function=None):
        instance = super().__new__(cls)
        return instance if function is None else instance(function)


class enable_grad(modes.GradMode, _Decorator):  # noqa: N801, torch's name
    """Inside, operations are recorded, also within `no_grad`."""

    enabled = True

    def __new__(cls, function=None):
        instance = super().__new__(cls)
        return instance if function is None else instance(function)


class set_grad_enabled(modes.GradMode, _Decorator):  # noqa: N801, torch's name
    """Switch recording on or off: at once as a function, for a block as a context."""

    def __init__(self, mode: bool):
        if not isinstance(mode, bool):
            raise TypeError(
                f"set_grad_enabled(): argument 'mode' must be bool, not {type(mode).__name__}"
            )
        self.enabled = mode
        self._before = state.enabled
        state.enabled = self.enabled

    def __enter__(self) -> None:
        state.enabled = self._before
        super().__enter__()

    def __call__(self, function):
        state.enabled = self._before
        return super().__call__(function)

    def clone(self):
        return type(self)(self.enabled)


class inference_mode(modes.GradMode, _Decorator):  # noqa: N801, torch's name
    """As `no_grad`; torch may save more work inside, dltk does not.

    What is made inside is an ordinary tensor in dltk, and `is_inference()` of it is false.
    """

    def __new__(cls, mode=True):
        instance = super().__new__(cls)
        if callable(mode):
            instance.__init__(True)
            return instance(mode)
        return instance

    def __init__(self, mode: bool = True):
        self.inference = mode
        self.enabled = not mode

    def __enter__(self) -> None:
        self._inference_before = state.inference
        state.inference = self.inference
        super().__enter__()

    def __exit__(self, kind, error, traceback) -> None:
        state.inference = self._inference_before
        super().__exit__(kind, error, traceback)

    def clone(self):
        return type(self)(self.inference)


def is_grad_enabled() -> bool:
    """Whether operations may be recorded now."""
    return state.enabled


def is_inference_mode_enabled() -> bool:
    """Whether `inference_mode` is on now."""
    return state.inference
