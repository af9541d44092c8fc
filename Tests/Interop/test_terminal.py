"""Both tools on a pseudo-terminal: colour there and nowhere else, the width of the window, progress."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios

import pytest
from conftest import BINARY, PACKAGE
from test_tables import LAB, RESNET, needs_lab

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
TABLE2 = PACKAGE / "Results/table2-resnet56"


def on_terminal(arguments, columns=80, both=True, cwd=None, **environment):
    """What a program writes to a terminal of that width: to both outputs, or standard error alone."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color"} | environment
    output = follower if both else subprocess.DEVNULL
    program = subprocess.Popen(list(map(str, arguments)), stdout=output, stderr=follower, env=environment, cwd=cwd)
    os.close(follower)
    text = b""
    while select.select([leader], [], [], 120)[0]:
        try:
            piece = os.read(leader, 1 << 16)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        text += piece
    os.close(leader)
    assert program.wait() == 0, text.decode()
    return text.decode().replace("\r\n", "\n")


def piped(arguments, **environment):
    result = subprocess.run(
        list(map(str, arguments)), capture_output=True, text=True, env={"PATH": os.environ["PATH"]} | environment
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


COMMANDS = [
    pytest.param([BINARY, "plan", RESNET], id="plan"),
    pytest.param([BINARY, "show", "idiz", "4x6"], id="show"),
    pytest.param([LAB, "compare", TABLE2], id="compare", marks=needs_lab),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_colour_is_for_terminals_and_says_nothing_alone(command):
    coloured = on_terminal(command)
    assert COLOUR.search(coloured)
    # Without its colours it is what everybody else reads.
    assert COLOUR.sub("", coloured) == piped(command, COLUMNS="80")
    assert on_terminal(command, NO_COLOR="1") == piped(command, COLUMNS="80")
    assert not COLOUR.search(on_terminal(command, TERM="dumb"))
    assert "\x1b" not in piped(command)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("columns", [72, 80, 120])
def test_the_window_is_the_width(command, columns):
    lines = on_terminal(command, columns, NO_COLOR="1").split("\n")
    assert all(len(line) <= columns for line in lines if not line.startswith("To write it: "))


@needs_lab
def test_columns_goes_before_the_window():
    command = [LAB, "compare", TABLE2]
    assert on_terminal(command, 80, NO_COLOR="1", COLUMNS="120") == piped(command, COLUMNS="120")
    assert piped(command) == piped(command, COLUMNS="80")


@needs_lab
def test_progress_of_a_run_is_a_line_on_a_terminal_only(tmp_path):
    arguments = [LAB, "run", "table8", "--scale", "smoke", "--variant", "relu", "--threads", "1", "--out", "r"]
    shown = on_terminal(arguments, both=False, cwd=tmp_path)
    drawn = [COLOUR.sub("", line) for line in re.findall(r"\r\x1b\[K([^\r\n]*)", shown)]
    # The percentage is that of all runs: it never falls back when the next one begins.
    shares = [int(share) for line in drawn for share in re.findall(r"(\d+) %(?=$|  \d+ (?:s|min|h))", line)]
    assert shares and shares == sorted(shares), drawn
    assert all(len(line) < 80 for line in drawn)
    logged = subprocess.run(arguments[:-1] + ["other"], capture_output=True, text=True, cwd=tmp_path, check=True).stderr
    assert "\x1b" not in logged and "\r" not in logged and "epoch 1/" in logged


@needs_lab
def test_progress_of_probes(tmp_path):
    arguments = [LAB, "probe", "linear5-tanh", "--batch", "4", "--threads", "1"]
    shown = on_terminal(arguments, both=False)
    assert "kaiming: start" in shown and "idinit: rate" in shown and " left" in shown
    assert shown.endswith("\r\x1b[K")
    quiet = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, check=True)
    assert quiet.stderr == ""
