"""What a submission can see and reach: itself, its inputs, the runtime. Nothing else."""

import os
import re
import shutil
import socket
from pathlib import Path

import numpy as np
import pytest
from tiny_submission import LIMITS, as_program, ask, honest, need, write_tree

from autograder import sandbox
from autograder.sandbox import readable, secrecy
from autograder.worker import syscalls


def test_no_torch_in_the_process_and_none_can_be_imported(worker):
    def program(lib, kit):
        import sys

        loaded = [name for name in sys.modules if name.split(".")[0] in ("torch", "autograder")]
        return {"torch": kit.raises(__import__, "torch"), "loaded": loaded, "path": sys.path}

    result = ask(worker, program).result
    assert result["torch"] == "ModuleNotFoundError"
    allowed = ("autograder", "autograder.wire", "autograder.worker")
    assert all(name in allowed or name.startswith(allowed[2]) for name in result["loaded"])
    assert not any("site-packages" in entry for entry in result["path"])


def test_no_file_of_the_machine_can_be_read(strong, tmp_path):
    secret = tmp_path / "gradebook.db"
    secret.write_text("points")
    reference = write_tree(tmp_path / "reference", {}) / "dltk/__init__.py"
    site_packages = readable.runtime().numpy.parent
    grader = Path(readable.__file__).parents[1]
    paths = [secret, reference, "/etc/passwd", "/etc/hostname", Path.home() / ".bashrc"]
    paths += [site_packages / "torch/__init__.py", site_packages / "pytest/__init__.py"]
    paths += [grader / "session.py", grader / "sandbox/worker.py", "/proc/self/environ"]
    paths += [f"/proc/{os.getpid()}/environ", f"/proc/{os.getpid()}/mem", "/proc/1/environ"]

    def program(lib, paths):
        read = []
        for path in paths:
            try:
                with open(path, "rb") as file:
                    file.read(1)
            except OSError:
                continue
            read.append(path)
        return {"read": read}

    reply = ask(strong, program, paths=[str(path) for path in paths])
    assert reply.result == {"read": []}


def test_torch_found_by_its_path_does_not_import(strong):
    def program(lib, kit, folder):
        import sys

        sys.path.insert(0, folder)
        return {"torch": kit.raises(__import__, "torch"), "jax": kit.raises(__import__, "pytest")}

    folder = str(readable.runtime().numpy.parent)
    result = ask(strong, program, folder=folder).result
    assert set(result.values()) <= {"ModuleNotFoundError", "PermissionError", "ImportError"}


def test_nothing_can_be_written_but_the_scratch_folder(strong, tmp_path):
    places = ["/", "/tmp", "/dev/shm", "/var/tmp", str(tmp_path), "/tree/dltk", "/runtime"]
    places += [str(strong.tree / "dltk"), str(Path.home()), os.path.dirname(np.__file__)]

    def program(lib, kit, places):
        import os

        written = []
        for place in [*places, os.path.dirname(lib.__file__), kit.folder]:
            try:
                with open(os.path.join(place, "left-by-a-submission"), "w") as file:
                    file.write("x")
            except OSError:
                continue
            written.append(place == kit.folder)
        return {"written": written}

    assert ask(strong, program, places=places).result == {"written": [True]}


def test_modes_and_times_of_files_cannot_be_changed(strong, tmp_path):
    victim = tmp_path / "gradebook.db"
    victim.write_text("points")

    def program(lib, kit, path):
        import os

        return {
            "chmod": kit.raises(os.chmod, path, 0),
            "chown": kit.raises(os.chown, path, 1, 1),
            "utime": kit.raises(os.utime, path, (0, 0)),
            "truncate": kit.raises(os.truncate, path, 0),
            "rename": kit.raises(os.rename, path, path + "2"),
            "unlink": kit.raises(os.unlink, path),
            "link": kit.raises(os.link, path, kit.folder + "/link"),
        }

    result = ask(strong, program, path=str(victim)).result
    assert set(result.values()) <= {"PermissionError", "FileNotFoundError", "OSError"}
    assert victim.read_text() == "points"


def test_there_is_no_network_and_no_abstract_socket(strong):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("\0autograder-test-secret")
        listener.listen()

        def program(lib, kit):
            import socket

            def pair(kind):
                with socket.socketpair(socket.AF_UNIX, kind)[0] as one:
                    one.sendto(b"x", "\0autograder-test-secret")

            families = (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK)
            return {
                "sockets": [kit.raises(socket.socket, family) for family in families],
                "datagrams": kit.raises(pair, socket.SOCK_DGRAM),
                "stream": kit.raises(pair, socket.SOCK_STREAM),
            }

        result = ask(strong, program).result
    assert result["sockets"] == ["PermissionError"] * 4
    assert result["datagrams"] == "PermissionError"
    assert result["stream"] in ("OSError", "PermissionError")


def test_the_environment_holds_nothing_of_the_grader(worker, monkeypatch):
    monkeypatch.setenv("GRADING_TOKEN", "secret")

    def program(lib):
        import os

        return {"names": sorted(os.environ)}

    with sandbox.Worker(worker.tree, worker.level, LIMITS) as fresh:
        names = ask(fresh, program).result["names"]
    assert "GRADING_TOKEN" not in names
    assert not {"HOME", "PATH", "USER", "PYTHONPATH"} & set(names)


def test_the_grader_cannot_be_signalled_traced_or_limited(strong):
    def program(lib, kit, parent):
        import ctypes
        import os
        import resource
        import signal

        libc = ctypes.CDLL(None, use_errno=True)
        refused = []
        for pid in {parent, os.getppid(), 1}:
            refused.append(libc.ptrace(16, pid, 0, 0) == -1)
            refused.append(libc.process_vm_readv(pid, 0, 0, 0, 0, 0) == -1)
            refused.append(kit.raises(os.kill, pid, signal.SIGKILL) is not None)
            refused.append(kit.raises(os.kill, -1, signal.SIGKILL) is not None)
            refused.append(libc.syscall(200, pid, 9) == -1)
            refused.append(
                kit.raises(resource.prlimit, pid, resource.RLIMIT_CPU, (1, 1)) is not None
            )
        return {"refused": refused}

    parent = os.getpid()
    result = ask(strong, program, parent=parent).result
    assert all(result["refused"])
    assert ask(strong, honest, x=np.zeros(1)).outcome == "ok"


def test_a_plain_worker_cannot_read_the_memory_of_the_grader(tree):
    def program(lib, kit, pid):
        paths = (f"/proc/{pid}/mem", f"/proc/{pid}/environ", f"/proc/{pid}/maps")
        return {"errors": [kit.raises(open, path, "rb") for path in paths]}

    before = secrecy._prctl(secrecy.PR_GET_DUMPABLE, 0)
    with sandbox.Worker(tree, "plain", LIMITS) as worker:
        assert secrecy._prctl(secrecy.PR_GET_DUMPABLE, 0) == 0
        result = ask(worker, program, pid=os.getpid()).result
    assert result == {"errors": ["PermissionError"] * 3}
    assert secrecy._prctl(secrecy.PR_GET_DUMPABLE, 0) == before


@pytest.fixture
def pretended_torch(tmp_path) -> str:
    """A shared library that is not torch, under the name of one that is."""
    maps = Path("/proc/self/maps")
    if not maps.exists():
        pytest.skip("no /proc: the loaded libraries of a process cannot be listed here")
    mapped = (line.split()[-1] for line in maps.read_text().splitlines())
    library = next(path for path in mapped if re.search(r"/lib(m|z|c)[.-].*so", path))
    return str(shutil.copy(library, tmp_path / "libtorch_cpu.so"))


def test_a_plain_worker_that_loaded_torch_is_refused(tree, pretended_torch):
    def program(lib, library):
        import ctypes

        ctypes.CDLL(library)
        return {"x": 1}

    with sandbox.Worker(tree, need("plain"), LIMITS) as worker:
        reply = ask(worker, program, library=pretended_torch)
    assert reply.outcome == "forbidden"
    assert "PyTorch" in reply.message


def test_a_plain_worker_that_hides_its_libraries_is_refused(tree, pretended_torch):
    def program(lib, library):
        import ctypes

        ctypes.CDLL(library)
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
        return {"x": 1}

    with sandbox.Worker(tree, need("plain"), LIMITS) as worker:
        assert ask(worker, program, library=pretended_torch).outcome in ("forbidden", "crash")


def test_the_numbers_of_system_calls_are_the_kernels():
    headers = {
        0: Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
        1: Path("/usr/include/asm-generic/unistd.h"),
    }
    for column, header in headers.items():
        if not header.exists():
            pytest.skip(f"no {header}: the kernel's headers are not installed")
        pairs = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", header.read_text())
        real = {name: int(number) for name, number in pairs}
        named = vars(syscalls).items()
        groups = [group for name, group in named if name.isupper() and isinstance(group, dict)]
        listed = {name: numbers for group in groups for name, numbers in group.items()}
        assert len(listed) > 80
        for name, numbers in listed.items():
            if name in real:
                assert numbers[column] == real[name], name
            elif numbers[column] is not None:
                assert numbers[column] >= 424, name


def test_a_program_that_is_refused_something_says_forbidden(strong):
    def program(lib):
        import os

        os.fork()

    reply = ask(strong, program)
    assert reply.outcome == "forbidden"
    assert "PermissionError" in reply.message
    replies = strong.run("t", [as_program(program), as_program(honest, x=np.zeros(1))])
    assert [reply.outcome for reply in replies] == ["forbidden", "ok"]
