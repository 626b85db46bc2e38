"""Every entity of the United Nations system chart is in the tables, and the missions of the UN with their years.

The list follows the chart "The United Nations System" of the Department of Global Communications; the missions follow
the lists of peace operations and of political missions of the United Nations.
"""

from __future__ import annotations

from collections import defaultdict

import pytest

from kg.reference import Entry, Reference, load
from kg.reference.ambiguity import fold

CHART = {
    "principal organs": """
        General Assembly | Security Council | Economic and Social Council | United Nations Secretariat | International
        Court of Justice | Trusteeship Council
    """,
    "subsidiary organs of the General Assembly": """
        First Committee | Second Committee | Third Committee | Fourth Committee | Fifth Committee | Sixth Committee |
        United Nations Disarmament Commission | Human Rights Council | International Law Commission | Joint Inspection
        Unit | Peacebuilding Commission | Advisory Committee on Administrative and Budgetary Questions | International
        Civil Service Commission | Committee on the Peaceful Uses of Outer Space | Special Committee on Decolonization
        | United Nations Scientific Committee on the Effects of Atomic Radiation | United Nations Joint Staff Pension
        Fund | UN Board of Auditors | UNCITRAL
    """,
    "subsidiary organs of the Security Council": """
        Counter-Terrorism Committee | Military Staff Committee | International Residual Mechanism for Criminal
        Tribunals | 1540 Committee | 1267 Committee | Counter-Terrorism Committee Executive Directorate | United
        Nations Compensation Commission
    """,
    "funds and programmes": """
        UNDP | UNCDF | UNV | UNEP | UNFPA | UN-Habitat | UNICEF | WFP
    """,
    "research and training": "UNIDIR | UNITAR | UNSSC | UNU | UNICRI | UNRISD",
    "other entities": "International Trade Centre | UNCTAD | UNHCR | UNOPS | UNRWA | UN Women",
    "related organizations": "CTBTO | IAEA | ICC | IOM | International Seabed Authority | ITLOS | OPCW | WTO",
    "functional commissions": """
        Commission on Crime Prevention and Criminal Justice | Commission on Narcotic Drugs | Commission on Population
        and Development | Commission on Science and Technology for Development | Commission for Social Development |
        United Nations Statistical Commission | Commission on the Status of Women | United Nations Forum on Forests
    """,
    "regional commissions": "UNECA | UNECE | ECLAC | ESCAP | ESCWA",
    "other bodies of ECOSOC": """
        Committee for Development Policy | Committee of Experts on Public Administration | Committee on
        Non-Governmental Organizations | Permanent Forum on Indigenous Issues | UNAIDS | United Nations Group of
        Experts on Geographical Names | Committee on Economic, Social and Cultural Rights | United Nations Committee
        of Experts on Global Geospatial Information Management | International Narcotics Control Board | High-level
        Political Forum on Sustainable Development
    """,
    "departments and offices of the Secretariat": """
        Executive Office of the Secretary-General | DESA | DGACM | DGC | DMSPC | Department of Operational Support |
        DPO | DPPA | Department of Safety and Security | OCHA | UNOCT | UNODA | OHCHR | Office of Internal Oversight
        Services | Office of Legal Affairs | Office of the Special Adviser on Africa | UNDRR | UNODC | UNOG | UNON |
        UNOV | OHRLLS | Peacebuilding Support Office | Development Coordination Office | United Nations Office for
        Digital and Emerging Technologies | UN Youth Office | Office of the Special Representative of the
        Secretary-General for Children and Armed Conflict | Office of the Special Representative of the
        Secretary-General on Sexual Violence in Conflict | Office of the Special Representative of the
        Secretary-General on Violence against Children | UN Ethics Office | UNOP | UNSDG
    """,
    "specialized agencies": """
        FAO | ICAO | IFAD | ILO | IMF | IMO | ITU | UNESCO | UNIDO | UN Tourism | UPU | WHO | WIPO | WMO | World Bank
        Group | IBRD | IDA | IFC | MIGA | ICSID
    """,
    "treaty secretariats and bodies": """
        UNFCCC | UNCCD | CBD | CITES | Convention on the Conservation of Migratory Species of Wild Animals | Ramsar
        Convention | Basel Convention | Rotterdam Convention | Stockholm Convention | Minamata Convention | Ozone
        Secretariat | Committee against Torture | Human Rights Committee | Committee on the Rights of the Child |
        CEDAW | Committee on the Elimination of Racial Discrimination | Committee on Enforced Disappearances |
        Committee on Migrant Workers | Committee on the Rights of Persons with Disabilities | Subcommittee on
        Prevention of Torture | Water Convention | Aarhus Convention | Green Climate Fund | Global Environment
        Facility
    """,
}  # fmt: skip

PEACEKEEPING = """
    UNTSO 1948- | UNMOGIP 1949- | UNFICYP 1964- | UNDOF 1974- | UNIFIL 1978- | UNGOMAP 1988-1990 | UNIIMOG 1988-1991
    | UNAVEM I 1989-1991 | UNTAG 1989-1990 | ONUCA 1989-1992 | UNIKOM 1991-2003 | MINURSO 1991- | UNAVEM II
    1991-1995 | ONUSAL 1991-1995 | UNAMIC 1991-1992 | UNPROFOR 1992-1995 | UNTAC 1992-1993 | UNOSOM I 1992-1993 |
    ONUMOZ 1992-1994 | UNOSOM II 1993-1995 | UNOMUR 1993-1994 | UNOMIG 1993-2009 | UNOMIL 1993-1997 | UNMIH
    1993-1996 | UNAMIR 1993-1996 | UNASOG 1994-1994 | UNMOT 1994-2000 | UNAVEM III 1995-1997 | UNCRO 1995-1996 |
    UNPREDEP 1995-1999 | UNMIBH 1995-2002 | UNTAES 1996-1998 | UNMOP 1996-2002 | UNSMIH 1996-1997 | MONUA 1997-1999
    | UNTMIH 1997-1997 | MIPONUH 1997-2000 | UNCPSG 1998-1998 | MINURCA 1998-2000 | UNOMSIL 1998-1999 | UNMIK 1999-
    | UNAMSIL 1999-2005 | UNTAET 1999-2002 | MONUC 1999-2010 | UNMEE 2000-2008 | UNMISET 2002-2005 | UNMIL 2003-2018
    | UNOCI 2004-2017 | MINUSTAH 2004-2017 | ONUB 2004-2006 | UNMIS 2005-2011 | UNMIT 2006-2012 | UNAMID 2007-2020 |
    MINURCAT 2007-2010 | MONUSCO 2010- | UNISFA 2011- | UNMISS 2011- | UNSMIS 2012-2012 | MINUSMA 2013-2023 |
    MINUSCA 2014- | MINUJUSTH 2017-2019
"""  # fmt: skip
POLITICAL = """
    UNAMA 2002- | UNAMI 2003-2025 | UNSMIL 2011- | BINUH 2019- | UNRCCA 2007- | UNOCA 2011- | UNOWA 2002-2016 |
    UNOWAS 2016- | UNSCO 1994- | UNSCOL 2007- | UNVMC 2017- | UNMHA 2019-2026 | UNSOM 2013-2024 | UNTMIS 2024-2026 |
    UNPOS 1995-2013 | UNITAMS 2020-2024 | UNIOGBIS 2010-2020 | UNOGBIS 1999-2009 | BINUB 2007-2010 | BNUB 2011-2014 |
    MENUB 2015-2015 | BINUCA 2010-2014 | BONUCA 2000-2009 | UNIPSIL 2008-2014 | UNIOSIL 2006-2008 | UNMIN 2007-2011
    | UNOTIL 2005-2006 | UNTOP 2000-2007 | UNOL 1997-2003 | UNPOB 1998-2003 | UNOMB 2004-2005 | UNMA 2002-2003 |
    UNOA 1999-2002 | UNSMA 1993-2002 | MICIVIH 1993-2000 | ONUVEH 1990-1991 | UNOMSA 1992-1994 | UNAMET 1999-1999 |
    UNMEER 2014-2015 | MINUGUA 1994-2004 | UNOAU 2010- | UNRGID 2010- | CNMC 2002-
"""  # fmt: skip


def listed(names: str) -> list[str]:
    return [" ".join(name.split()) for name in names.split("|")]


@pytest.fixture(scope="module")
def by_name() -> dict[str, list[Entry]]:
    """Organisations by each of their English names, folded."""
    reference: Reference = load(cache=False)
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in reference.entries.values():
        if entry.type == "organization":
            for name in {fold(n) for n in entry.names.get("en", ())}:
                found[name].append(entry)
    return found


@pytest.mark.parametrize("part", CHART)
def test_every_entity_of_the_chart_is_there(by_name: dict[str, list[Entry]], part: str) -> None:
    assert [name for name in listed(CHART[part]) if fold(name) not in by_name] == []


@pytest.mark.parametrize("missions", [PEACEKEEPING, POLITICAL], ids=["peacekeeping", "political"])
def test_missions_and_their_years(by_name: dict[str, list[Entry]], missions: str) -> None:
    wrong = []
    for mission in listed(missions):
        name, _, years = mission.rpartition(" ")
        rows = [entry.row for entry in by_name.get(fold(name), [])]
        if years not in [f"{row['founded'][:4]}-{row['dissolved'][:4]}" for row in rows]:
            wrong.append((mission, [(row["founded"], row["dissolved"]) for row in rows]))
    assert wrong == []


def test_bodies_of_the_chart_name_their_parent(by_name: dict[str, list[Entry]]) -> None:
    """What reports to a principal organ leads up to the United Nations by its parents."""
    by_id = {entry.row["id"]: entry for entries in by_name.values() for entry in entries}
    for part in ("principal organs", "funds and programmes", "functional commissions", "regional commissions"):
        for name in listed(CHART[part]):
            entry = by_name[fold(name)][0]
            seen = []
            while entry.row["parent"] and len(seen) < 9:
                seen.append(entry.row["parent"])
                entry = by_id[entry.row["parent"]]
            assert "un" in seen, f"{name}: {seen}"
