"""Pages of one file: everything inside, nothing fetched, every text escaped, scripts allowed by their hash alone."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from html import escape
from typing import Any, Final

from kg import assets

_EMPTY: Final = (
    "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)


def safe_json(value: Any) -> str:
    """JSON that may stand inside a script element: no ``<`` ends it, no line separator breaks it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def content_policy(scripts: Iterable[str]) -> str:
    """A content security policy (CSP 3) that lets these inline scripts run and no other, and asks no host."""
    digests = (base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"{_EMPTY}; script-src {allowed}"


def page(title: str, lang: str, body: str, data: dict[str, Any], *, script: str = "figures.js", style: str = "") -> str:
    """A page that stands alone.

    Args:
        title: its heading, as text.
        lang: language of the page.
        body: HTML, its texts already escaped.
        data: what the script reads: id of a JSON element → value.
        script: a file of :mod:`kg.assets`.
        style: more style sheet.

    Returns:
        HTML 5. Its content security policy lets only its own script run and asks no host.
    """
    code = assets.text(script).replace("</script", "<\\/script")
    islands = "\n".join(
        f'<script type="application/json" id="{escape(name)}">{safe_json(value)}</script>'
        for name, value in data.items()
    )
    return f"""<!DOCTYPE html>
<html lang="{escape(lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{content_policy([code])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>
{assets.text("page.css")}
main {{ max-width: 76rem; margin: 0 auto; padding: 0 1rem 2rem; }}
{style}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
{body}
</main>
{islands}
<script>{code}</script>
</body>
</html>
"""
