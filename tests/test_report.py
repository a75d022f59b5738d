"""analysis/report.py as a command: usage, what it says, which warehouse a configuration means, the file it writes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from report_parts import REPORT, left, source
from scripts import ROOT, Project, clean_environment, on_a_terminal

from analysis import page_file
from analysis.asking import selects

pytest_plugins = ["report_fixtures"]

HEAVY = {"psycopg2", "duckdb", "altair", "vl_convert", "jinja2", "sqlglot", "rich", "boto3", "ua_parser"}


# The command


def test_help_has_an_example_and_imports_nothing_heavy(tmp_path: Path) -> None:
    made = Project(tmp_path, tmp_path)
    assert "python analysis/report.py --config" in made.succeed(REPORT, "--help")
    imported = {
        line.rsplit("|")[-1].strip() for line in made.run("-X", "importtime", REPORT, "--help").stderr.splitlines()
    }
    assert "warehouse.command" in imported
    assert not HEAVY & imported


def test_wrong_usage_asks_nothing(project: Project) -> None:
    before = left(project.folder)
    (project.folder / "fifo").unlink(missing_ok=True)
    os.mkfifo(project.folder / "fifo")
    (project.folder / "dangling.html").symlink_to("nowhere/report.html")
    for arguments, said in {
        ("--config", "none.cfg"): "there is no file none.cfg",
        ("--nonsense",): "unrecognized arguments",
        ("more",): "unrecognized arguments",
        ("--out", "none/report.html"): f"there is no folder {project.folder / 'none'}",
        ("--out", "dangling.html"): f"there is no folder {project.folder / 'nowhere'}",
        ("--out", "."): "that is a folder, name a file in it, such as report.html",
        ("--out", ""): "that is a folder",
        ("--out", "-"): "the page is a file, name one",
        ("--out", "/dev/null"): "that is no ordinary file",
        ("--out", "fifo"): "that is no ordinary file",
        ("--out", "a" * 300): "File name too long",
    }.items():
        done = project.run("-X", "importtime", REPORT, *arguments)
        assert done.returncode == 2, arguments
        assert said in done.stderr.splitlines()[-1]
        assert not HEAVY & {line.rsplit("|")[-1].strip() for line in done.stderr.splitlines()}
    assert left(project.folder) == sorted([*before, "fifo", "dangling.html"])


def test_what_it_says(project: Project) -> None:
    (project.folder / "other.cfg").rename(project.folder / "dwh.cfg")
    browser = project.folder / "browser"
    browser.write_text('#!/bin/sh\necho "$1" > opened\n')
    browser.chmod(0o755)
    done = project.run(REPORT, "--open", BROWSER=f"{browser} %s")
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout.splitlines()
    assert said[0] == "Asking the laptop's warehouse in sparkify.duckdb"
    asked = [words[1] for words in map(str.split, said) if words[:1] == ["SELECT"]]
    assert asked == [one.table for one in selects()]
    assert len(set(asked)) == len(asked) >= 18
    page = project.folder / "report.html"
    assert re.fullmatch(
        r"\d\d questions about 22 plays, 1 Nov 2018 to 20 Nov 2018, answered in report\.html \(\d\.\d MB\)\.", said[-3]
    )
    assert said[-1] == f"Look at it:  {page.as_uri()}"
    assert not any("\x1b" in line or "Not answered" in line or "no browser" in line for line in said)
    assert (project.folder / "opened").read_text().strip() == page.as_uri()
    assert left(project.folder) == ["browser", "dwh.cfg", "opened", "report.html", "sparkify.duckdb"]
    text = page.read_text(encoding="utf-8")
    assert "the laptop's warehouse in sparkify.duckdb" in text.replace("&#39;", "'")
    assert str(project.folder) not in text


def test_on_a_terminal_there_is_a_clock(project: Project) -> None:
    with source(project, "TRUNCATE staging_events"):
        pass
    code, shown = on_a_terminal(project, REPORT, "--config", "other.cfg")
    assert code == 0
    assert "0:00:00" in shown
    assert "SELECT user_agents" in shown
    assert "Not answered. The table staging_events is empty." in shown
    assert shown.count(f"python {ROOT / 'etl.py'} --config other.cfg") == 1


def test_the_machine_does_not_show(project: Project) -> None:
    """Its zone and language change no date; its encoding prevents no output, nor does a lack of browsers."""
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    no_browser = {"BROWSER": "", "DISPLAY": "", "WAYLAND_DISPLAY": "", "PATH": str(project.folder)}
    pages = []
    for environment in ({"TZ": "America/New_York", "PYTHONIOENCODING": "ascii"}, {"TZ": "Asia/Tokyo", **plain}):
        out = ("--out", "Ünïcode.html", "--open")
        done = project.run(REPORT, "--config", "other.cfg", *out, **environment, **no_browser)
        assert done.returncode == 0, done.stderr
        assert "code.html (" in done.stdout
        assert "There is no browser here to open it with.\nLook at it:  file://" in done.stdout
        page = (project.folder / "Ünïcode.html").read_text(encoding="utf-8")
        assert "2018-11-20" in page
        pages.append(re.sub(r"Made [^<]*UTC", "", page))
    assert pages[0] == pages[1]


# Which source a configuration means: the lake's own tests are in test_report_lake.py


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        (
            "[AWS]\nAWS_ACCESS_KEY_ID = x\nAWS_SECRET_ACCESS_KEY = y\n",
            [],
            "neither which warehouse to ask, in [CLUSTER] or [LOCAL], nor which lake",
        ),
        ("[AWS]\nAWS_ACCESS_KEY_ID = x\nAWS_SECRET_ACCESS_KEY = y\n", ["--lake"], "There is no lake in"),
        (
            "[CLUSTER]\nHOST =\n[AWS]\nKEY = x\n",
            ["--lake"],
            "is a warehouse's configuration: it says nothing about a lake",
        ),
        ("[AWS]\nOUTPUT_DATA = elsewhere\n", [], "elsewhere: it has no _lake.json"),
        ("[LAKE]\nOUTPUT_DATA = elsewhere\n", [], "elsewhere: it has no _lake.json"),
        ("[CLUSTER]\nHOST =\n[LAKE]\nOUTPUT_DATA = elsewhere\n", [], "There is no warehouse in"),
        ("[CLUSTER]\nHOST =\n[LAKE]\nOUTPUT_DATA = elsewhere\n", ["--lake"], "elsewhere: it has no _lake.json"),
    ],
)
def test_what_a_configuration_means(tmp_path: Path, text: str, arguments: list[str], said: str) -> None:
    made = Project(tmp_path, tmp_path)
    (tmp_path / "my.cfg").write_text(text)
    told = made.fail(REPORT, "--config", "my.cfg", *arguments)
    assert said in told
    if "_lake.json" in told:
        assert told.endswith(f"Make it: python {ROOT / 'data_lake' / 'etl.py'} --config my.cfg\n")
    assert left(tmp_path) == ["my.cfg"]


# The file


def test_the_page_is_written_in_one_piece(tmp_path: Path) -> None:
    """Where a link points; with the rights that the umask leaves; or not at all."""
    (tmp_path / "pages").mkdir()
    target, link = tmp_path / "pages" / "november.html", tmp_path / "report.html"
    target.write_text("as it was")
    target.chmod(0o600)
    link.symlink_to("pages/november.html")
    old = os.umask(0o027)
    try:
        page_file.write(link, "é")
    finally:
        os.umask(old)
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "é"
    assert target.stat().st_mode & 0o777 == 0o640
    assert left(tmp_path / "pages") == ["november.html"]


def test_a_full_disk_leaves_the_page_that_was_there(project: Project) -> None:
    """A limit on the size of files stands for it."""
    (project.folder / "report.html").write_text("as it was")
    limited = f'ulimit -f 100; exec "{sys.executable}" "{REPORT}" --config other.cfg'
    done = subprocess.run(
        ["/bin/bash", "-c", limited],
        cwd=project.folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "error: The page cannot be written to report.html: File too large.\n"
    assert (project.folder / "report.html").read_text() == "as it was"
    assert left(project.folder) == ["other.cfg", "report.html", "sparkify.duckdb"]


def test_packages_that_an_older_installation_lacks(project: Project) -> None:
    """Python finds no package whose place in sys.modules is taken by None."""
    (project.folder / "sitecustomize.py").write_text("import sys\nsys.modules.update(altair=None, vl_convert=None)\n")
    said = project.fail(REPORT, "--config", "other.cfg", PYTHONPATH=str(project.folder))
    assert said == (
        "error: Not installed, and the report needs it: altair, vl-convert-python.\n"
        f"python -m pip install -r {ROOT / 'requirements.txt'}\n"
    )


def test_the_script_is_a_page() -> None:
    assert len(Path(REPORT).read_text().splitlines()) <= 80
