"""The optional compiled build: with ``KG_COMPILE=1`` a wheel has the hot modules as C extensions, made by mypyc.

Without it the wheel is pure Python. Modules travel as Python in both, so that what is read has the same version, and
a traceback shows its lines; Python takes an extension where there is one. An editable install is never compiled:
extensions in a working copy would go on being used when their source has changed.

``MYPYC_OPT_LEVEL`` (0 to 3) is passed on to the C compiler: 0 builds faster, for tests.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_REMEDY = (
    "install what is missing (on Debian: apt install gcc python3-dev), "
    "or leave KG_COMPILE out: the pure build reads the same, only more slowly"
)


class CompiledBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles the modules that ``pyproject.toml`` lists for it, if asked to."""

    _folder: tempfile.TemporaryDirectory[str] | None = None

    def dependencies(self) -> list[str]:
        """What the build needs beside hatchling, installed by pip or build."""
        return ["mypy[mypyc]>=2.4"] if _wanted() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and add the extensions to the wheel."""
        if not _wanted():
            return
        if version == "editable":
            self.app.display_warning("KG_COMPILE is set, but an editable install is never compiled")
            return
        if missing := missing_tools():
            self.app.abort(f"KG_COMPILE is set, but {' and '.join(missing)} cannot be found: {_REMEDY}")
        self._folder = tempfile.TemporaryDirectory(prefix="presence-kg-")
        try:
            built = _compiled(self._modules(), Path(self.root), Path(self._folder.name))
        except Exception as error:
            self.app.abort(f"KG_COMPILE is set, but compiling failed: {error}")
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["force_include"].update(built)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was made on the way."""
        if self._folder is not None:
            self._folder.cleanup()

    def _modules(self) -> list[str]:
        root = Path(self.root)
        found = {path for pattern in self.config["compile"] for path in root.glob(pattern)}
        found -= {root / name for name in self.config["interpret"]}
        return sorted(path.relative_to(root).as_posix() for path in found if path.name != "__init__.py")


def _wanted() -> bool:
    return os.environ.get("KG_COMPILE", "0") not in {"", "0"}


def missing_tools() -> list[str]:
    """What a C build lacks here, as far as that can be told beforehand."""
    if os.name == "nt":  # setuptools finds its compiler itself, and says what is wrong
        return []
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")[0]
    headers = Path(sysconfig.get_path("include"), "Python.h")
    missing = [] if shutil.which(compiler) else [f"a C compiler ({compiler})"]
    return missing if headers.is_file() else [*missing, f"the headers of Python ({headers})"]


def _compiled(modules: list[str], root: Path, folder: Path) -> dict[str, str]:
    """Compile modules, named by their files below *root*.

    Returns:
        where each extension is, and its place in the wheel.
    """
    from mypyc.build import mypycify
    from setuptools import Distribution

    with contextlib.chdir(root):
        # Types come from the package alone, so that what is installed beside it does not decide what is built.
        extensions = mypycify(
            ["--config-file=", "--no-site-packages", "--ignore-missing-imports", f"--cache-dir={os.devnull}", *modules],
            opt_level=os.environ.get("MYPYC_OPT_LEVEL", "3"),
            debug_level="0",
            target_dir=str(folder / "c"),
            group_name="kg",
        )
        command = Distribution({"name": "presence-kg", "ext_modules": extensions}).get_command_obj("build_ext")
        command.build_lib, command.build_temp = str(folder / "lib"), str(folder / "temp")
        command.ensure_finalized()
        command.run()
    library = folder / "lib"
    return {str(path): path.relative_to(library).as_posix() for path in library.rglob("*") if path.is_file()}
