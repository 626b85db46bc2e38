"""What all tests share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Generator[None, Any, Any]:
    """With ``KG_REQUIRE_ALL=1`` a test that would be skipped because something is missing fails instead."""
    report = yield
    if report.skipped and os.environ.get("KG_REQUIRE_ALL") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and KG_REQUIRE_ALL is set: {report.longrepr[2] if report.longrepr else ''}"
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, for what a person sees."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with playwright.sync_playwright() as running:
        found = running.chromium.launch(executable_path=program, args=arguments)
        yield found
        found.close()
