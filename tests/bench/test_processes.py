"""What the kernel says of a process and of those under it."""

import os
import subprocess
import sys

from bench.processes import below, cpu_of, private, resident, tree_cpu


def test_a_process_and_its_children_are_seen() -> None:
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdin is not None
        assert parent.stdout.readline() == "1\n"
        (child,) = below(parent.pid)
        assert 0 < private(child) < resident(child)
        assert tree_cpu(parent.pid) >= cpu_of(parent.pid)
        parent.stdin.close()
        parent.wait()
    assert cpu_of(child) == 0.0
    assert private(child) == 0.0
    assert list(below(child)) == []


def test_this_process_used_something() -> None:
    assert resident(os.getpid()) > 1
