"""Entities that no table knows: one id in every language, known ones untouched."""

from __future__ import annotations

from kg.merge.names import identified, identify
from kg.model import Entity, Establishment, Fact


def test_only_what_no_table_knows_gets_another_id() -> None:
    known = Entity("person/kassym-jomart-tokayev", "person", ("Тоқаев",))
    new = Entity("person/x-toqaev", "person", ("Тоқаев",), known=False)
    assert identify(known) is known
    assert identify(new) != new
    for spelling in ("Токаев", "Tokayev", "Toqaev"):
        assert identify(Entity("person/x-other", "person", (spelling,), known=False)).id == identify(new).id
    assert identify(Entity("organization/x-a", "organization", ("Өнер орталығы",), known=False)).id.isascii()


def test_every_slot_is_seen_to() -> None:
    new = Entity("city/x-old", "city", ("Жезқазған",), known=False)
    org = Entity("organization/un", "organization", ("UN",))
    about = Establishment(org, new, "centre")
    fact = identified(Fact("proposal", {"proposer": new, "about": about}, ()))
    assert fact.slots["proposer"] == identify(new)
    assert fact.slots["about"] == Establishment(org, identify(new), "centre")
    several = identified(Fact("agreement", {"parties": (org, new)}, ()))
    assert several.slots["parties"] == (org, identify(new))
