"""Where statements, literals and names begin and end."""

from __future__ import annotations

import pytest

from local_redshift.dialect import split
from local_redshift.dialect.tokens import TokenReader, string_value, tokenize
from local_redshift.errors import SyntaxError_


@pytest.mark.parametrize(
    ("script", "statements"),
    [
        ("", []),
        ("  -- nothing\n /* at /* all */ */ ; ;", []),
        ("select 1", ["select 1"]),
        ("select 1;", ["select 1"]),
        ("begin; delete from t; end;", ["begin", "delete from t", "end"]),
        ("select ';'; select \"a;b\"", ["select ';'", 'select "a;b"']),
        ("select 'it''s;'; select 'a\\';b'", ["select 'it''s;'", "select 'a\\';b'"]),
        ("select $$a;b$$; select $q$;$$;$q$", ["select $$a;b$$", "select $q$;$$;$q$"]),
        ("select 1 -- ;\n, 2; select /* ; /* ; */ ; */ 3", ["select 1 -- ;\n, 2", "select /* ; /* ; */ ; */ 3"]),
        ("  copy t from 's3://b/x'\n  json 'auto' ;\n", ["copy t from 's3://b/x'\n  json 'auto'"]),
    ],
)
def test_split(script: str, statements: list[str]) -> None:
    assert split(script) == statements


@pytest.mark.parametrize(
    ("script", "position"), [("select 'abc", 8), ('select 1; select "x', 18), ("select /* /* */ 1", 8)]
)
def test_split_says_where_something_never_ends(script: str, position: int) -> None:
    with pytest.raises(SyntaxError_, match="unterminated") as raised:
        split(script)
    assert raised.value.position == position


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("'abc'", "abc"),
        ("'it''s'", "it's"),
        (r"'it\'s'", "it's"),
        (r"'a\\b'", r"a\b"),
        (r"'\N'", "N"),
        (r"'a\nb\tc'", "a\nb\tc"),
        (r"'\101'", "A"),
        (r"'\x41'", "x41"),
        ("$$it's$$", "it's"),
        ("$x$a$$b$x$", "a$$b"),
    ],
)
def test_string_value(literal: str, value: str) -> None:
    assert string_value(literal) == value


def test_tokens_know_their_place() -> None:
    tokens = [(token.kind, token.text, token.start) for token in tokenize('SELECT "A", #t.b::int, $1 <> -1.5e3')]
    assert tokens == [
        ("word", "SELECT", 0), ("name", '"A"', 7), ("operator", ",", 10), ("word", "#t", 12), ("operator", ".", 14),
        ("word", "b", 15), ("operator", "::", 16), ("word", "int", 18), ("operator", ",", 21),
        ("parameter", "$1", 23), ("operator", "<>", 26), ("operator", "-", 29), ("number", "1.5e3", 30),
    ]  # fmt: skip


def test_names_are_folded_quoted_or_not() -> None:
    reader = TokenReader('Dev."Public"."My""Table"')
    assert str(reader.table_name("dev")) == 'public.my"table'


def test_a_quoted_word_is_no_keyword() -> None:
    assert not TokenReader('"select" 1').peek("SELECT")
    assert TokenReader("Select 1").peek("SELECT")
