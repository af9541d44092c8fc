"""Finds the program `idinit` and runs it."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import subprocess
import sysconfig
from typing import Any


class Error(Exception):
    """What the program `idinit` had to say against it, in one line."""

    __module__ = "idinit"


def run(*arguments: Any) -> str:
    environment = {**os.environ, "COLUMNS": str(shutil.get_terminal_size((100, 24)).columns)}
    result = subprocess.run([program(), *map(str, arguments)], capture_output=True, text=True, env=environment)
    if result.returncode != 0:
        message = result.stderr.strip() or f"the program idinit ended with status {result.returncode}"
        raise Error(message.removeprefix("Error: "))
    return result.stdout


def program() -> str:
    """The program `idinit`: IDINIT_BINARY, or what was installed with this package, or what is on the PATH."""
    if named := os.environ.get("IDINIT_BINARY"):
        return named
    places = [sysconfig.get_path("scripts"), pathlib.Path(__file__).parents[1] / "bin"]
    with contextlib.suppress(KeyError):
        places.append(sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user")))
    for place in places:
        for name in ("idinit", "idinit.exe"):
            if (found := pathlib.Path(place, name)).is_file():
                return str(found)
    if found := shutil.which("idinit"):
        return found
    raise Error("the program idinit is neither beside this package nor on the PATH; reinstall, or set IDINIT_BINARY")
