"""Replies that a submission forges, and results that are more than values."""

import numpy as np
import pytest
from tiny_submission import as_program, ask, honest

DESCRIPTOR = 3


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(b"\x00\x00\x00\x01\xc0", id="None"),
        pytest.param(b"\x00\x00\x00\x0c\x81\xa7outcome\xa2ok", id="no id"),
        pytest.param(b"\xff\xff\xff\xff", id="an endless frame"),
        pytest.param(b"\x00\x00\x00\x04\x80\x04\x95.", id="a pickle"),
        pytest.param(b"{'outcome': 'ok'}\n" * 20, id="text"),
    ],
)
def test_a_forged_reply_on_the_descriptor_is_a_crash(worker, forged):
    def program(lib, descriptor, data):
        import os
        import time

        os.write(descriptor, data)
        time.sleep(0.05)
        return {"x": 1}

    programs = [
        as_program(program, descriptor=DESCRIPTOR, data=forged),
        as_program(honest, x=np.zeros(1)),
    ]
    replies = worker.run("t", programs)
    assert replies[0].outcome == "crash"
    assert "the process sent" in replies[0].message
    assert replies[0].result is None
    assert replies[1].outcome == "ok"


def test_a_reply_to_the_next_request_cannot_be_sent_ahead(worker):
    def program(lib, descriptor):
        import os

        import msgpack

        reply = {"id": os.urandom(16), "outcome": "ok", "result": {"y": 1.0}}
        payload = msgpack.packb(reply)
        lib.queued = len(payload).to_bytes(4, "big") + payload
        lib.Tensor.numpy = lambda self: os.write(descriptor, lib.queued) and self.array
        return {"x": lib.tensor(1.0)}

    programs = [as_program(program, descriptor=DESCRIPTOR), as_program(honest, x=np.zeros(1))]
    replies = worker.run("t", programs)
    assert replies[0].outcome == "crash"
    assert "a request that was not made" in replies[0].message
    assert replies[1].outcome == "ok"


def test_a_reply_printed_on_standard_output_is_only_text(worker):
    def program(lib):
        import os

        os.write(1, b"\x00\x00\x00\x0c\x81\xa7outcome\xa2ok")
        os.write(2, b'{"outcome": "ok"}')
        raise ValueError("no")

    reply = ask(worker, program)
    assert reply.outcome == "error"
    assert "outcome" in reply.printed


def test_every_open_descriptor_of_a_task_is_its_own(worker):
    def program(lib):
        import os

        kinds = []
        for descriptor in range(256):
            try:
                os.fstat(descriptor)
            except OSError:
                continue
            kinds.append(descriptor)
        return {"open": kinds}

    assert ask(worker, program).result == {"open": [0, 1, 2, 3]}


@pytest.mark.parametrize("outcome", ["not_run", "timeout", "import_error", "perfect", 7, None])
def test_a_task_cannot_claim_an_outcome_that_the_grader_decides(worker, outcome):
    def program(lib, outcome):
        from autograder.worker import failures

        failures.outcome_of = lambda error: outcome
        raise ValueError("no")

    assert ask(worker, program, outcome=outcome).outcome == "crash"


def test_a_forged_blank_must_look_like_a_task(worker):
    def program(lib):
        from autograder.worker import failures

        failures.outcome_of = lambda error: "blank"
        failures.blank_of = lambda error: "<script>"
        raise ValueError("no")

    assert ask(worker, program).outcome == "crash"


def equal_to_everything(lib):
    class Always:
        def __eq__(self, other):
            return True

        __hash__ = None

    return {"x": Always()}


def an_array_by_protocol(lib):
    import numpy as np

    class Protocol:
        def __array__(self, *arguments, **keywords):
            return np.zeros(3)

        def __array_ufunc__(self, *arguments, **keywords):
            return self

    return {"x": Protocol()}


def an_array_subclass(lib):
    import numpy as np

    class Loud(np.ndarray):
        pass

    return {"x": np.zeros(3).view(Loud)}


def a_tensor_of_an_array_subclass(lib):
    import numpy as np

    class Loud(np.ndarray):
        pass

    tensor = lib.tensor(0)
    tensor.array = np.zeros(3).view(Loud)
    return {"x": tensor}


def a_matrix(lib):
    import numpy as np

    return {"x": np.matrix([[1.0]])}


def objects(lib):
    import numpy as np

    return {"x": np.array([object(), None])}


def a_float_subclass(lib):
    class Near(float):
        def __eq__(self, other):
            return True

        __hash__ = None

    return {"x": Near(1.0)}


def a_str_subclass_as_key(lib):
    class Key(str):
        pass

    return {Key("x"): 1.0}


def a_set(lib):
    return {"x": {1, 2}}


def a_function(lib):
    return {"x": len}


@pytest.mark.parametrize(
    "program",
    [
        equal_to_everything,
        an_array_by_protocol,
        an_array_subclass,
        a_tensor_of_an_array_subclass,
        a_matrix,
        objects,
        a_float_subclass,
        a_str_subclass_as_key,
        a_set,
        a_function,
    ],
)
def test_an_object_that_is_no_value_is_an_error(worker, program):
    reply = ask(worker, program)
    assert (reply.outcome, reply.error_class) == ("error", "TypeError")
    assert reply.message.startswith("TypeError: the result holds a")


def test_nan_and_infinity_arrive_as_they_are(worker):
    def program(lib):
        import numpy as np

        return {"x": np.array([np.nan, np.inf, -np.inf]), "y": float("nan")}

    result = ask(worker, program).result
    assert np.array_equal(result["x"], [np.nan, np.inf, -np.inf], equal_nan=True)
    assert type(result["y"]) is float


def test_a_broadcast_view_of_a_huge_shape_is_refused_before_it_is_copied(worker):
    def program(lib):
        import numpy as np

        return {"x": np.broadcast_to(np.float64(1), (1 << 20, 1 << 20))}

    assert ask(worker, program).outcome in ("flood", "memory")


def test_a_result_above_the_limit_is_a_flood(worker):
    def program(lib):
        import numpy as np

        return {"x": np.zeros(1 << 18)}

    def deep(lib):
        value = []
        for _ in range(100):
            value = [value]
        return {"x": value}

    def endless(lib):
        value = []
        value.append(value)
        return {"x": value}

    for each in (program, deep, endless):
        reply = ask(worker, each)
        assert reply.outcome == "flood", reply
        assert reply.message


def test_a_hostile_exception_costs_only_its_own_message(worker):
    def bad_text(lib):
        class BadError(Exception):
            def __str__(self):
                raise SystemExit

        raise BadError

    def long_text(lib):
        raise ValueError("x" * 50_000_000)

    def strange_text(lib):
        raise ValueError("\x1b[2J\ud800\x00\u202e<b>\nline")

    def long_name(lib):
        raise type("E" * 100_000, (Exception,), {})()

    assert ask(worker, bad_text).outcome == "error"
    assert len(ask(worker, long_text).message) < 2500
    reply = ask(worker, strange_text)
    assert reply.message == "ValueError: \\x1b[2J\\ud800\\x00\\u202e<b>\\nline"
    assert len(ask(worker, long_name).message) < 2500


def test_printed_text_is_cut_and_its_control_characters_are_escaped(worker):
    def program(lib):
        import os

        print("\x1b[31mred\x00\u202e\ud800")
        os.write(1, b"\xff\n")
        return {"x": 1}

    def much(lib):
        print("m" * 5000)
        return {"x": 1}

    assert ask(worker, program).printed.splitlines() == [
        "\\xff",
        "\\x1b[31mred\\x00\\u202e\\ud800",
    ]
    reply = ask(worker, much)
    assert reply.outcome == "ok"
    assert reply.printed == "m" * 500 + "\n… (cut: it printed more)"
