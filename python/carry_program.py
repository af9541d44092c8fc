"""Puts the program `idinit` into the wheel, where installers copy it to the PATH, as ruff's and uv's wheels do."""

import os
import pathlib
import sysconfig

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CarryProgram(BuildHookInterface):
    def initialize(self, version, build_data):
        program = os.environ.get("IDINIT_PROGRAM")
        if not program or not pathlib.Path(program).is_file():
            raise SystemExit("IDINIT_PROGRAM does not name the built program; `make wheel` builds it, and this wheel")
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
        build_data["shared_scripts"][program] = "idinit"
        build_data["force_include"][str(pathlib.Path(self.root).parent / "LICENSE")] = "idinit/LICENSE"
