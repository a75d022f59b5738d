"""JupySQL in a real IPython shell, as in a notebook's cells: %sql, %%sql, results as data frames, %sqlcmd."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import sqlalchemy as sa

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from IPython.core.interactiveshell import InteractiveShell


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InteractiveShell]:
    """IPython without a terminal or a history; it must not keep Python's hooks after these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        patch.setenv("PLOOMBER_STATS_ENABLED", "false")
        patch.setattr(sys, "excepthook", sys.excepthook)
        # Beside a Spark without the packages of Spark Connect, JupySQL loads only if it finds none of that.
        patch.setitem(sys.modules, "pyspark.sql.connect.dataframe", None)
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        made = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
        try:
            yield made
        finally:
            InteractiveShell.clear_instance()


@pytest.fixture(scope="module")
def cell(shell: InteractiveShell) -> Iterator[Callable[[str], Any]]:
    """Runs a cell in a notebook that is connected to a warehouse with a small table, and gives its value."""

    def run(text: str) -> Any:
        done = shell.run_cell(text)  # type: ignore[no-untyped-call]
        done.raise_error()
        return done.result

    with embedded.start() as warehouse:
        url = sa.URL.create(
            "postgresql+psycopg2",
            username=warehouse.user,
            password=warehouse.password,
            host=warehouse.host,
            port=warehouse.port,
            database=warehouse.database,
        )
        run("%load_ext sql")
        run(f"%sql {url.render_as_string(hide_password=False)} --alias laptop")
        run("%sql CREATE TABLE songs (id INT, title VARCHAR(20), length FLOAT)")
        run("%sql INSERT INTO songs VALUES (1, 'one', 1.5), (2, 'two', 2.5), (3, 'two', NULL)")
        yield run
        run("%sql --close laptop")


def values(result: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in result]


SEVERAL = """%%sql
CREATE TEMP TABLE few AS SELECT * FROM songs WHERE id < 3;
UPDATE few SET id = -id;
SELECT id FROM few ORDER BY 1
"""


def test_a_line_and_a_cell(cell: Callable[[str], Any]) -> None:
    assert values(cell("%sql SELECT id, title FROM songs ORDER BY id")) == [(1, "one"), (2, "two"), (3, "two")]
    assert values(cell(SEVERAL)) == [(-2,), (-1,)]


def test_results_become_data_frames(cell: Callable[[str], Any]) -> None:
    cell("%sql found << SELECT id, length FROM songs ORDER BY id")
    frame = cell("found.DataFrame()")
    expected = pd.DataFrame({"id": [1, 2, 3], "length": [1.5, 2.5, None]})
    pd.testing.assert_frame_equal(frame, expected)
    cell("%config SqlMagic.autopandas = True")
    pd.testing.assert_frame_equal(cell("%sql SELECT id, length FROM songs ORDER BY id"), expected)
    cell("%config SqlMagic.autopandas = False")


def test_variables_and_snippets(cell: Callable[[str], Any]) -> None:
    cell("wanted = 2")
    assert values(cell("%sql SELECT title FROM songs WHERE id = {{wanted}}")) == [("two",)]
    cell("%config SqlMagic.named_parameters = 'enabled'")
    assert values(cell("%sql SELECT title FROM songs WHERE id = :wanted")) == [("two",)]
    cell("%config SqlMagic.named_parameters = 'warn'")
    cell("%%sql --save long_ones\nSELECT * FROM songs WHERE length > 2")
    assert values(cell("%sql --with long_ones SELECT COUNT(*) FROM long_ones")) == [(1,)]


def test_redshifts_own_statements(cell: Callable[[str], Any]) -> None:
    assert values(cell("%sql SELECT TOP 1 NVL(length, 0) AS l, LEN(title) FROM songs ORDER BY l")) == [(0.0, 3)]
    cell("%sql VACUUM songs")  # not in a transaction: JupySQL commits each statement
    assert values(cell("%sql SELECT \"column\", type FROM pg_table_def WHERE tablename = 'songs' ORDER BY 1"))[0] == (
        "id",
        "integer",
    )


def test_sqlcmd_tells_tables_and_columns(cell: Callable[[str], Any]) -> None:
    assert "songs" in str(cell("%sqlcmd tables"))
    told = str(cell("%sqlcmd columns --table songs"))
    for name, kind in (("id", "INTEGER"), ("title", "VARCHAR(20)"), ("length", "DOUBLE PRECISION")):
        (line,) = [line for line in told.splitlines() if f" {name} " in line and "nullable" not in line]
        assert kind in line


def test_sqlcmd_profiles_a_table(cell: Callable[[str], Any]) -> None:
    profile = cell("%sqlcmd profile --table songs")
    lines = {cells[1].strip(): [cell.strip() for cell in cells[2:-1]] for cells in _table(str(profile))}
    assert lines["count"] == ["3", "3", "2"]
    assert lines["unique"] == ["3", "2", "2"]
    assert lines["min"][0] == "1"
    assert lines["max"][0] == "3"
    assert float(lines["mean"][2]) == 2.0


def _table(text: str) -> list[list[str]]:
    return [line.split("|") for line in text.splitlines() if line.startswith("|")]


def test_sqlcmd_tests_a_column(cell: Callable[[str], Any]) -> None:
    assert cell("%sqlcmd test --table songs --column id --greater 0") is True


def test_an_error_is_told_and_the_next_cell_runs(cell: Callable[[str], Any]) -> None:
    with pytest.raises(Exception, match='relation "nowhere" does not exist'):
        cell("%sql SELECT * FROM nowhere")
    assert values(cell("%sql SELECT 1")) == [(1,)]
