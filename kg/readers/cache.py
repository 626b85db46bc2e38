"""Replies on disk, so that nothing is asked twice; the key never comes here."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.reference.cache import folder as user_folder


@dataclass(frozen=True, slots=True)
class ReplyCache:
    """Replies by what was asked and which model was asked, a JSON file each; None as folder keeps nothing."""

    folder: Path | None

    @classmethod
    def default(cls) -> ReplyCache:
        """In the user's cache folder, where there is one."""
        place = user_folder()
        return cls(place / "replies" if place else None)

    def get(self, key: str) -> str | None:
        """The reply kept under *key*; None if there is none or the file is damaged."""
        if self.folder is None:
            return None
        try:
            found = json.loads(self._path(self.folder, key).read_bytes())
        except (OSError, ValueError):
            return None
        reply = found.get("reply") if isinstance(found, dict) else None
        return reply if isinstance(reply, str) else None

    def put(self, key: str, reply: str, about: dict[str, Any]) -> None:
        """Keep a reply in one step.

        Args:
            key: digest of what was asked, and of the model.
            reply: the reply.
            about: what a person may want to know of it: model, version of the prompt, article.

        Raises:
            KgError: if it cannot be written.
        """
        if self.folder is None:
            return
        path = self._path(self.folder, key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as copy:
                json.dump({**about, "reply": reply}, copy, ensure_ascii=False)
            os.replace(copy.name, path)
        except OSError as error:
            raise KgError(
                f"a reply cannot be kept: {error.strerror}", where=str(path.parent), remedy="give another --reply-cache"
            ) from error

    @staticmethod
    def _path(folder: Path, key: str) -> Path:
        return folder / key[:2] / f"{key}.json"
