"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Generator
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
