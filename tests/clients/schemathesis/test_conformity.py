"""The check of data: what fits the schema passes, and each way not to fit is found."""

import pytest
from graphql import build_schema, parse

from answers import Broken
from conformity import check_data

SCHEMA = build_schema("""
    scalar Date scalar DateTime scalar Decimal scalar URL
    enum Kind { NOVEL PLAY }
    interface Node { id: ID! }
    type Author implements Node { id: ID! name: String works: [Book!]! }
    type Book implements Node {
      id: ID! kind: Kind! pages: Int price: Decimal on: Date at: DateTime site: URL weight: Float
    }
    type Pen { ink: Boolean }
    union Thing = Author | Book
    type Query { node: Node thing: Thing! things: [Thing] book: Book! author: Author }
""")
QUERY = """{
  thing { __typename ... on Node { id } ...author }
  author { name works { kind } works { pages } }
  book { on at site price weight pages }
} fragment author on Author { named: name }"""


def answer():
    return {
        "thing": {"__typename": "Author", "id": "1", "named": None},
        "author": {"name": "Æ", "works": [{"kind": "PLAY", "pages": None}, {"kind": "NOVEL", "pages": 7}]},
        "book": {
            "on": "2024-02-29",
            "at": "2026-11-23T08:00:00.000000Z",
            "site": "https://a.example/",
            "price": "-1.50",
            "weight": 1,
            "pages": -(2**31),
        },
    }


def test_a_good_answer_conforms():
    assert check_data(SCHEMA, parse(QUERY), answer())
    assert check_data(SCHEMA, parse("{ author { name } }"), {"author": None}) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("thing", None),
        ("thing", {"id": "1", "named": None}),
        ("thing", {"__typename": "Pen"}),
        ("thing", {"__typename": "Book", "id": "1", "named": None}),
        ("thing", {"__typename": "Author", "named": None, "id": "1"}),
        ("thing.id", 1),
        ("author", []),
        ("author", {"name": None}),
        ("author.name", False),
        ("author.works", None),
        ("author.works", {}),
        ("author.works", [None]),
        ("author.works", [{"kind": "POEM", "pages": 1}]),
        ("author.works", [{"kind": ["PLAY"], "pages": 1}]),
        ("book.on", "2023-02-29"),
        ("book.on", "20230228"),
        ("book.at", "2026-11-23T08:00:00Z"),
        ("book.at", "2026-11-23T25:00:00.000000Z"),
        ("book.site", "ftp://a.example/"),
        ("book.price", 1.5),
        ("book.price", "1e3"),
        ("book.weight", "1"),
        ("book.weight", True),
        ("book.pages", 2**31),
        ("book.pages", 1.0),
        ("book.pages", True),
        ("book.more", 1),
    ],
)
def test_a_broken_answer_does_not(path, value):
    data = answer()
    *parents, last = path.split(".")
    place = data
    for key in parents:
        place = place[key]
    place[last] = value
    with pytest.raises(Broken):
        check_data(SCHEMA, parse(QUERY), data)
