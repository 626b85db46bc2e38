"""Where the files that travel with the package are: ``ontology`` and ``queries``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal


@cache
def directory(name: Literal["ontology", "queries"]) -> Path:
    """The folder *name*: inside the installed package, or at the top of a source checkout.

    Raises:
        FileNotFoundError: if the installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "_data" / name, package.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the folder {name}/ is missing: install presence-kg again")
