"""Loops, exits, memory, disk, output, threads and processes: each costs its own check only."""

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
from tiny_submission import LIMITS, as_program, ask, honest

from autograder import sandbox


def good_after(worker) -> bool:
    return ask(worker, honest, x=np.zeros(1)).outcome == "ok"


def test_a_busy_loop_that_ignores_every_signal_is_a_time_out(worker):
    def program(lib):
        import contextlib
        import signal

        for number in range(1, signal.NSIG):
            with contextlib.suppress(OSError, ValueError):
                signal.signal(number, signal.SIG_IGN)
        while True:
            pass

    began = time.monotonic()
    reply = ask(worker, program, seconds=0.3)
    assert (reply.outcome, reply.message) == ("timeout", "the program did not finish in its time")
    assert time.monotonic() - began < 5
    assert good_after(worker)


def test_cpu_time_runs_out_before_the_clock_does(tree):
    def program(lib):
        while True:
            pass

    limits = sandbox.Limits(wall_factor=60.0)
    with sandbox.Worker(tree, limits=limits) as worker:
        assert ask(worker, program, seconds=0.3).outcome == "timeout"


def exits_at_once(lib):
    import os

    os._exit(0)


def leaves_an_exit_handler(lib):
    import atexit
    import os

    atexit.register(os.write, 3, b"\x00\x00\x00\x01\xc0")
    os._exit(3)


def kills_itself(lib):
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)


def overflows_the_c_stack(lib):
    import sys

    sys.setrecursionlimit(10**8)

    class Deep:
        def __repr__(self):
            return "".join(map(repr, [self]))

    return {"x": repr(Deep())}


def reads_address_zero(lib):
    import ctypes

    return {"x": ctypes.string_at(0)}


@pytest.mark.parametrize(
    "program",
    [
        exits_at_once,
        leaves_an_exit_handler,
        kills_itself,
        reads_address_zero,
    ],
)
def test_a_process_that_ends_is_a_crash(worker, program):
    reply = ask(worker, program)
    assert reply.outcome in ("crash", "memory"), reply
    assert reply.message
    assert good_after(worker)


def test_recursion_without_a_limit_costs_its_own_check(worker):
    # Python 3.11 overflows the C stack; later ones count the depth in C too and raise.
    assert ask(worker, overflows_the_c_stack).outcome in ("crash", "error")
    assert good_after(worker)


@pytest.mark.parametrize("name", ["SystemExit", "KeyboardInterrupt", "GeneratorExit"])
def test_leaving_by_an_exception_is_an_error(worker, name):
    def program(lib, name):
        import builtins

        raise getattr(builtins, name)

    reply = ask(worker, program, name=name)
    assert (reply.outcome, reply.error_class) == ("error", name)


def test_recursion_is_an_error(worker):
    def program(lib):
        def down():
            return down()

        return {"x": down()}

    assert ask(worker, program).error_class == "RecursionError"


def test_memory_beyond_the_limit_is_refused(worker):
    def one_array(lib):
        import numpy as np

        return {"x": float(np.ones(1 << 29).sum())}

    def many_lists(lib):
        kept = []
        while True:
            kept.append(bytearray(1 << 24))

    assert ask(worker, one_array).outcome == "memory"
    assert ask(worker, many_lists).outcome == "memory"
    assert good_after(worker)


def test_the_disk_is_limited(worker):
    def one_file(lib, kit):
        with open(kit.folder + "/big", "wb") as file:
            for _ in range(64):
                file.write(b"x" * (1 << 20))
        return {"x": 1}

    assert ask(worker, one_file).outcome in ("error", "crash")
    assert good_after(worker)


def test_the_scratch_folder_is_limited_as_a_whole(worker):
    def program(lib, kit):
        import time

        for number in range(12):
            with open(f"{kit.folder}/{number}", "wb") as file:
                file.write(b"x" * 500_000)
        time.sleep(1.0)
        return {"x": 1}

    reply = ask(worker, program)
    assert reply.outcome == "flood" or "No space left" in reply.message
    assert good_after(worker)


def test_an_output_flood_ends_the_task(worker):
    def program(lib):
        while True:
            print("spam" * 1000)

    reply = ask(worker, program)
    assert reply.outcome == "flood"
    assert len(reply.printed) < 600
    assert good_after(worker)


def test_a_reply_flood_ends_the_task(worker):
    def program(lib):
        import os

        os.write(3, (1 << 20).to_bytes(4, "big"))
        while True:
            os.write(3, b"\x90" * (1 << 16))

    reply = ask(worker, program, seconds=1.0)
    assert reply.outcome in ("crash", "timeout")
    assert good_after(worker)


def test_threads_work_and_do_not_outlive_their_task(worker):
    def program(lib):
        import threading
        import time

        numbers = []
        thread = threading.Thread(target=numbers.append, args=(1,))
        thread.start()
        thread.join()
        threading.Thread(target=time.sleep, args=(60,)).start()
        return {"numbers": numbers}

    began = time.monotonic()
    assert ask(worker, program).result == {"numbers": [1]}
    assert time.monotonic() - began < 5


def test_a_thread_flood_costs_its_own_check(worker):
    def program(lib):
        import threading
        import time

        while True:
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()

    assert ask(worker, program, seconds=1.0).outcome != "ok"
    assert good_after(worker)


def test_no_process_can_be_started_unless_the_check_declares_it(strong):
    def program(lib, kit):
        import os
        import subprocess
        import sys

        return {
            "fork": kit.raises(os.fork),
            "spawn": kit.raises(subprocess.run, [sys.executable, "-c", "pass"]),
            "system": os.system("true") != 0,
        }

    result = ask(strong, program).result
    assert result["fork"] == "PermissionError"
    assert result["spawn"] in ("PermissionError", "FileNotFoundError")
    assert result["system"]


def test_a_check_that_declares_processes_may_fork_but_never_run_a_program(strong):
    def program(lib, kit):
        import os

        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(write, b"from the child")
            os._exit(0)
        os.waitpid(child, 0)
        return {"text": os.read(read, 100), "exec": kit.raises(os.execv, "/bin/sh", ["sh"])}

    result = ask(strong, program, processes=True).result
    assert result["text"] == b"from the child"
    assert result["exec"] in ("PermissionError", "FileNotFoundError")


def test_a_daemon_does_not_survive_its_task(worker):
    def program(lib, kit, marker):
        import contextlib
        import os
        import time

        if os.fork() == 0:
            with contextlib.suppress(OSError):
                os.setsid()
            if os.fork() == 0:
                for _ in range(600):
                    time.sleep(0.1)
            os._exit(0)
        time.sleep(0.05)
        return {"x": 1}

    from autograder.sandbox import watch

    assert ask(worker, program, processes=True, marker="").outcome == "ok"
    warm = worker._process.process_id
    deadline = time.monotonic() + 3
    expected = 2 if worker.level == "bubblewrap" else 0
    while len(watch.descendants(warm)) > expected and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(watch.descendants(warm)) <= expected
    assert good_after(worker)


def test_a_fork_bomb_is_ended(worker):
    def program(lib):
        import os

        while True:
            with __import__("contextlib").suppress(OSError):
                os.fork()

    reply = ask(worker, program, processes=True, seconds=1.0)
    assert reply.outcome in ("forbidden", "timeout", "memory")
    assert good_after(worker)


def test_a_worker_ends_with_the_grader(tree, level):
    code = f"""
        import os, sys, signal
        from pathlib import Path
        from autograder import sandbox
        worker = sandbox.Worker(Path({str(tree)!r}), {level!r})
        worker.run("t", [sandbox.Program("p", "def p(lib):\\n    return {{'x': 1}}", {{}})])
        print(worker._process.process_id, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=60
    )
    pid = int(run.stdout)
    deadline = time.monotonic() + 10
    while not _is_gone(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert _is_gone(pid)


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_the_whole_submission_has_a_time_limit(tree):
    limits = sandbox.Limits(submission_seconds=0.0)
    with sandbox.Worker(tree, "plain", limits) as worker:
        reply = worker.run("t", [as_program(honest, x=np.zeros(1))])[0]
    assert reply.outcome == "not_run"
    assert "0 seconds" in reply.message


def test_the_results_of_a_submission_are_limited_together(tree):
    def program(lib):
        import numpy as np

        return {"x": np.zeros(10_000)}

    limits = sandbox.Limits(submission_wire_bytes=50_000)
    with sandbox.Worker(tree, "plain", limits) as worker:
        assert worker.run("a", [as_program(program)])[0].outcome == "ok"
        assert worker.run("b", [as_program(program)])[0].outcome == "not_run"


def test_no_scratch_folder_is_left_behind(tree):
    with sandbox.Worker(tree, "plain", LIMITS) as worker:
        assert ask(worker, honest, x=np.zeros(1)).outcome == "ok"
        scratch = worker._process._launch.scratch
        assert scratch.is_dir()
    assert not scratch.exists()
