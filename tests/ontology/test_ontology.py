"""The ontology and the program agree: terms, concepts, links that follow by rule, shapes of what is written."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, Namespace, URIRef
from rdflib.compare import isomorphic

from kg import iris, resources
from kg.graph import terms
from kg.model import CONCEPTS, KINDS
from kg.reference import load
from tests.ontology.conftest import parse
from tests.ontology.profile import offences

_FOLDER = resources.directory("ontology")
_PACKAGE = Path(iris.__file__).parent
IO = Namespace(iris.IO)
SCHEMA = Namespace(iris.PREFIXES["schema"])


def _declared(ontology: Graph) -> set[str]:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property)
    return {str(s) for kind in kinds for s in ontology.subjects(RDF.type, kind)}


def _names(files: list[Path], pattern: str) -> set[str]:
    return {name for path in files for name in re.findall(pattern, path.read_text("utf-8"))}


def test_every_term_in_the_program_is_declared(ontology: Graph) -> None:
    sources = sorted(_PACKAGE.rglob("*.py"))
    used = _names(sources, r'\b(?:io|_io|term)\("(\w+)"\)')
    assert {"Presence", "account", "mergeKey"} <= used
    assert sorted({iris.term(name) for name in used} - _declared(ontology)) == []


def test_every_term_in_a_query_is_declared(ontology: Graph) -> None:
    folders = [_FOLDER, _PACKAGE.parent / "queries", _PACKAGE]
    queries = [path for folder in folders if folder.is_dir() for path in sorted(folder.rglob("*.rq"))]
    used = _names(queries, r"\bio:(\w+)")
    assert sorted({iris.term(name) for name in used} - _declared(ontology)) == []


def test_every_slot_and_class_of_the_model_is_declared(ontology: Graph) -> None:
    declared = _declared(ontology)
    classes = {
        *terms.CLASSES.values(), *terms.ENTITY_CLASSES.values(), *terms.FORM_CLASSES.values(),
        *terms.INSTRUMENT_CLASSES.values(),
    }  # fmt: skip
    assert sorted({iris.term(name) for name in classes} - declared) == []
    for kind, slots in KINDS.items():
        for slot, described in slots.items():
            property_ = terms.PROPERTIES[kind][slot].value
            if property_.startswith(iris.IO):
                assert property_ in declared
                if described.type == "date":
                    assert {property_ + "Earliest", property_ + "Latest"} <= declared


def test_nothing_withdrawn_is_used_by_the_program(ontology: Graph) -> None:
    withdrawn = {str(s).removeprefix(iris.IO) for s in ontology.subjects(OWL.deprecated)}
    assert withdrawn
    assert not withdrawn & _names(sorted(_PACKAGE.rglob("*.py")), r'"(\w+)"')


def test_vocabulary_has_the_concepts_of_the_model(ontology: Graph) -> None:
    for scheme, slugs in CONCEPTS.items():
        found = {str(c) for c in ontology.subjects(SKOS.inScheme, URIRef(iris.KIND_PREFIX + scheme))}
        assert found == {iris.concept(scheme, slug) for slug in slugs}


def test_vocabulary_has_the_body_kinds_of_the_tables(ontology: Graph) -> None:
    scheme = URIRef(iris.KIND_PREFIX + "body-kind")
    known = {str(n) for c in ontology.subjects(SKOS.inScheme, scheme) for n in ontology.objects(c, SKOS.notation)}
    used = {entry.row.get("kind", "") for entry in load().entries.values() if entry.type == "organization"}
    assert sorted(used - known - {""}) == []


def test_vocabulary_has_the_rules_of_merging(ontology: Graph, shapes: Graph) -> None:
    scheme = URIRef(iris.KIND_PREFIX + "merge-rule")
    known = {str(c).rsplit("/", 1)[1] for c in ontology.subjects(SKOS.inScheme, scheme)}
    docstring = (_PACKAGE / "merge" / "choose.py").read_text("utf-8")
    assert {rule for rule in known if f'"{rule}"' in docstring} == known
    allowed = {str(o).rsplit("/", 1)[1] for o in shapes.objects() if str(o).startswith(f"{scheme}/")}
    assert allowed == known


def test_closed_lists_of_the_shapes_follow_the_model(shapes: Graph) -> None:
    listed = {str(item) for head in shapes.objects(None, SH["in"]) for item in shapes.items(head)}
    for scheme, slugs in CONCEPTS.items():
        mine = {iri for iri in listed if iri.startswith(f"{iris.KIND_PREFIX}{scheme}/")}
        assert mine == {iris.concept(scheme, slug) for slug in slugs}


def test_every_class_has_a_shape(ontology: Graph, shapes: Graph) -> None:
    own = {c for c in ontology.subjects(RDF.type, OWL.Class) if isinstance(c, URIRef) and str(c).startswith(iris.IO)}
    assert own <= set(shapes.objects(None, SH.targetClass))


def test_every_property_shape_and_constraint_has_a_message(shapes: Graph) -> None:
    parts = {*shapes.objects(None, SH.property), *shapes.objects(None, SH.sparql)}
    nested = {p for shape in shapes.objects(None, RDF.first) for p in shapes.objects(shape, SH.property)}
    nested |= {p for shape in shapes.objects(None, SH["not"]) for p in shapes.objects(shape, SH.property)}
    nested |= set(shapes.objects(URIRef("https://w3id.org/presence-kg/shapes#Untyped"), SH.property))
    assert [p for p in parts - nested if (p, SH.message, None) not in shapes] == []


def test_axioms_stay_in_owl_2_rl() -> None:
    for names in (["presence.ttl"], ["presence.ttl", "alignment.ttl"]):
        assert offences(parse(*names)) == []


@pytest.mark.parametrize(
    "fault",
    [
        "io:since rdfs:range xsd:date .",
        "io:Presence rdfs:subClassOf [ a owl:Restriction ; owl:onProperty io:place ; owl:someValuesFrom io:City ] .",
        "io:Fact owl:equivalentClass [ owl:unionOf ( io:Presence io:Decision ) ] .",
        "io:place a owl:ReflexiveProperty .",
        "io:Presence owl:hasKey ( io:place ) .",
        "io:place rdfs:subPropertyOf schema:location .",
        "io:place a owl:DatatypeProperty .",
        "io:Mission rdfs:subClassOf org:Site .",
    ],
)
def test_what_is_outside_owl_2_rl_is_found(fault: str) -> None:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in iris.PREFIXES.items())
    assert offences(parse("presence.ttl").parse(data=prefixes + fault, format="turtle")) != []


def test_what_a_property_may_join_is_what_the_model_says(ontology: Graph) -> None:
    """A slot's property names the class of its kind, as its domain or as one of those that it may have."""
    for kind, slots in KINDS.items():
        for slot in slots:
            property_ = URIRef(terms.PROPERTIES[kind][slot].value)
            if property_ in IO:
                ways = (RDFS.domain, SCHEMA.domainIncludes)
                domain = {class_ for way in ways for class_ in ontology.objects(property_, way)}
                assert domain & {IO[terms.CLASSES[kind]], IO.Fact}, (kind, slot)
    kinds = {IO[name]: kind for kind, name in terms.CLASSES.items()}
    derived = {iris.term("country"), iris.term("topic")}
    for property_, class_ in ontology.subject_objects(SCHEMA.domainIncludes):
        if class_ in kinds:
            slots_of_kind = {terms.PROPERTIES[kinds[class_]][slot].value for slot in KINDS[kinds[class_]]}
            assert re.sub("(Earliest|Latest)$", "", str(property_)) in slots_of_kind | derived, (property_, class_)


def test_every_property_says_what_it_joins(ontology: Graph) -> None:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property)
    properties = {p for kind in kinds for p in ontology.subjects(RDF.type, kind) if p in IO}
    assert len(properties) > 60
    for property_ in properties - set(ontology.subjects(OWL.deprecated)):
        for ways in ((RDFS.domain, SCHEMA.domainIncludes), (RDFS.range, SCHEMA.rangeIncludes)):
            assert any((property_, way, None) in ontology for way in ways), property_


def test_links_of_the_themes_to_the_goals_are_those_of_the_tables(ontology: Graph) -> None:
    with (_PACKAGE / "reference" / "data" / "goals.csv").open(encoding="utf-8") as file:
        wanted = {(theme, row["id"]) for row in csv.DictReader(file) for theme in row["themes"].split("|") if theme}
    goal = "http://metadata.un.org/sdg/"
    found = {
        (str(concept).rsplit("/", 1)[1], str(target).removeprefix(goal))
        for concept, target in ontology.subject_objects(SKOS.relatedMatch)
        if str(target).startswith(goal)
    }
    assert found == wanted


def test_links_of_concepts_are_well_formed_and_lead_to_one_concept_each(ontology: Graph) -> None:
    known = r"http://(metadata\.un\.org/(thesaurus/(\d{6}|\d{7})|sdg/\d+)|www\.wikidata\.org/entity/Q\d+)"
    concepts = set(ontology.subjects(RDF.type, SKOS.Concept))
    links = [
        (concept, str(target))
        for relation in (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
        for concept, target in ontology.subject_objects(relation)
        if concept in concepts
    ]
    assert len(links) > 60
    assert [target for _, target in links if not re.fullmatch(known, target)] == []
    close = [(c.split("/kind/")[1].split("/")[0], str(t)) for c, t in ontology.subject_objects(SKOS.closeMatch)
             if c in concepts]  # fmt: skip
    assert len(close) == len(set(close)), "two concepts of a scheme are close to the same one"


def test_documents_say_what_changed(ontology: Graph, shapes: Graph) -> None:
    documents = set((ontology + shapes).subjects(RDF.type, OWL.Ontology))
    assert len(documents) == 4
    for document in documents:
        version, before = ((ontology + shapes).value(document, p) for p in (OWL.versionIRI, OWL.priorVersion))
        assert str(version).startswith(f"{document}/")
        assert str(before) < str(version)
    for withdrawn in ontology.subjects(OWL.deprecated):
        assert ontology.value(withdrawn, SKOS.historyNote)
        assert (withdrawn, RDF.type, OWL.DeprecatedProperty) in ontology


def test_context_has_every_term_and_loses_nothing(ontology: Graph) -> None:
    context = json.loads((_FOLDER / "context.jsonld").read_text("utf-8"))["@context"]
    current = _declared(ontology) - {str(s) for s in ontology.subjects(OWL.deprecated)}
    named = {value["@id"] if isinstance(value, dict) else value for value in context.values() if value != 1.1}
    assert {"io:" + iri.removeprefix(iris.IO) for iri in current if iri.startswith(iris.IO)} <= named
    for path in sorted((_FOLDER / "examples" / "valid").glob("*.ttl")):
        data = Graph().parse(path)
        again = Graph().parse(data=data.serialize(format="json-ld", context=context), format="json-ld")
        assert isomorphic(data, again)
