"""The report's page in a real browser: it draws, tells, copies, prints, fits, loads nothing and runs nobody's code."""

from __future__ import annotations

import csv
import io
import json
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import pytest
from browser import DESKTOP, PHONE, SMALLEST, started, visit
from conftest import ROOT
from scripts import event, small_project, song
from scripts import project as make_project

from analysis import report
from analysis.pictures import PICTURES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page
    from scripts import Project

SCREENSHOTS = ROOT / "screenshots"
HOSTILE = [
    "<img src=x onerror=window.hostile=1>",
    "</script><script>window.hostile=1</script>",
    '"><svg onload=window.hostile=1>',
    "</title></style><!--",
    "javascript:window.hostile=1",
    "{{ 7 * 7 }} ${7*7} &lt;b&gt; &#60;",
    "bell\x07 escape\x1b[31m delete\x7f",
    "\ufffd \u202eright to left",
    "=1+1",
    "a\ttab, a\nline and a 'quote' \"too\"",
    " ".join(["one name that goes on and on"] * 4),
]
CLIPBOARD = ["clipboard-read", "clipboard-write"]
DAY = 86_400_000
START = 1541106106796  # 1 November 2018, in milliseconds


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as browser:
        yield browser


@pytest.fixture(scope="module")
def real(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _report(make_project(tmp_path_factory.mktemp("real"), real_data))


@pytest.fixture(scope="module")
def html_songs(real_data: Path) -> list[dict[str, Any]]:
    """The songs of the public data set whose artists' locations hold HTML."""
    texts = (path.read_text(encoding="utf-8") for path in real_data.glob("udacity-dend/song_data/**/*.json"))
    songs = [json.loads(text) for text in texts if "<" in text]
    return [one for one in songs if "<" in str(one["artist_location"])]


@pytest.fixture(scope="module")
def hostile(html_songs: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of plays whose every text is hostile, those locations of the public data set among them."""
    made = small_project(tmp_path_factory.mktemp("hostile"))
    ours = [
        song(
            f"SOHOSTILE{place:09}", artist_id=f"ARHOSTILE{place:09}", title=text, artist_name=text, artist_location=text
        )
        for place, text in enumerate(HOSTILE)
    ]
    songs = [*html_songs, *ours]
    made.put_songs(*songs)
    plays = [{"song": one["title"], "artist": one["artist_name"], "length": one["duration"]} for one in songs]
    texts = [{"location": text, "userAgent": text, "artist": text, "song": "unknown"} for text in HOSTILE]
    made.put_events(
        "2018-11-01",
        [
            event(
                START + place * DAY, user=place + 1, sessionId=place + 1, level="paid" if place % 2 else "free", **more
            )
            for place, more in enumerate([*plays, *texts])
        ],
    )
    return _report(made)


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of one play: each chart has one row, or none."""
    made = small_project(tmp_path_factory.mktemp("single"))
    made.put_songs(song())
    made.put_events("2018-11-01", [event(START)])
    return _report(made)


@pytest.fixture(params=["real", "hostile", "single"])
def file(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def _report(project: Project) -> Path:
    project.configure(f"DATABASE = {project.folder / 'sparkify.duckdb'}\n")
    project.succeed("create_tables.py")
    project.succeed("etl.py")
    out = project.folder / "report.html"
    assert report.main(["--config", str(project.folder / "dwh.cfg"), "--out", str(out)]) == 0
    return out


@pytest.mark.parametrize("size", [DESKTOP, PHONE, SMALLEST], ids=["desktop", "phone", "smallest"])
def test_it_draws_everything_and_asks_for_nothing(browser: Browser, file: Path, size: tuple[int, int]) -> None:
    with visit(browser, file, size) as seen:
        charts = seen.page.locator(".chart").all()
        assert seen.page.locator("article").count() == len(PICTURES)
        assert len(charts) == seen.page.locator("details.table tbody:has(tr)").count() > 0
        for chart in charts:
            told = chart.get_attribute("aria-label") or ""
            assert _painted(chart) > 0 or "Nobody changed between the plans" in told, told
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        seen.page.wait_for_load_state("networkidle")
        assert seen.troubles == []
        assert [one for one in seen.requests if not one.startswith("data:")] == [file.as_uri()]


def _painted(chart: Locator) -> int:
    """How many painted marks of the one drawing that is shown can be seen; the squares of its legend do not count."""
    painted: int = chart.evaluate(
        """chart => {
            const shown = [...chart.querySelectorAll("svg")].filter((svg) => svg.getBoundingClientRect().width);
            if (shown.length !== 1) throw new Error(`${shown.length} drawings are shown`);
            return [...shown[0].querySelectorAll("path")].filter((one) => {
                const box = one.getBoundingClientRect();
                const fill = getComputedStyle(one).fill;
                return box.width > 0.5 && box.height > 0.5 && fill !== "none"
                    && (Math.abs(box.width - box.height) > 0.1 || box.width > 15);
            }).length;
        }"""
    )
    return painted


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_text_in_a_chart_covers_another_or_leaves_the_page(
    browser: Browser, file: Path, size: tuple[int, int]
) -> None:
    with visit(browser, file, size) as seen:
        for chart in seen.page.locator(".chart").all():
            texts = chart.evaluate(
                """chart => [...chart.querySelectorAll("text")].map((one) => [one, one.getBoundingClientRect()])
                    .filter(([one, box]) => box.width).map(([one, box]) =>
                        ({text: one.textContent, ...box.toJSON()}))"""
            )
            assert texts
            for one in texts:
                assert one["left"] >= 0, one
                assert one["right"] <= size[0], one
            for one, other in combinations(texts, 2):
                across = min(one["right"], other["right"]) - max(one["left"], other["left"])
                down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
                assert across < 1 or down < 5, (one, other)  # a line's box is higher than its letters


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_screenshots_are_kept(browser: Browser, real: Path, name: str, size: tuple[int, int], scheme: Any) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    with visit(browser, real, size, color_scheme=scheme) as seen:
        seen.page.screenshot(path=SCREENSHOTS / f"report-{name}-{scheme}.png", full_page=True)
        background = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(_rgb(background)) > 3 * 128) == (scheme == "light")


def test_tables_and_sql_unfold(browser: Browser, real: Path) -> None:
    with visit(browser, real) as seen:
        for picture in PICTURES:
            article = seen.page.locator(f"#{picture.name}")
            for kind in ("table", "sql"):
                inside = article.locator(f"details.{kind} .scroll")
                assert not inside.is_visible()
                article.locator(f"details.{kind} summary").press("Enter")
                assert inside.is_visible()
            assert article.locator("code").inner_text().rstrip(";").strip() == picture.question.strip()


def test_the_csv_is_the_table(browser: Browser, file: Path) -> None:
    with visit(browser, file) as seen:
        for picture in PICTURES:
            details = seen.page.locator(f"#{picture.name} details.table")
            details.evaluate("details => { details.open = true; }")
            link = details.get_by_text("Download CSV")
            assert link.get_attribute("download") == f"{picture.name}.csv"
            rows = list(csv.reader(io.StringIO(_linked(link).decode("utf-8-sig"), newline="")))
            assert [column.replace("_", " ") for column in rows[0]] == details.locator("th").all_inner_texts()
            assert [[_visible(value) for value in row] for row in rows[1:]] == _table(details)


def _linked(link: Locator) -> bytes:
    kind, _, content = (link.get_attribute("href") or "").partition(",")
    assert kind == "data:text/csv;charset=utf-8"
    return unquote_to_bytes(content)


def test_a_click_downloads_the_csv(browser: Browser, real: Path) -> None:
    with visit(browser, real) as seen:
        details = seen.page.locator("#top_songs details.table")
        details.locator("summary").click()
        link = details.get_by_text("Download CSV")
        with seen.page.expect_download() as download:
            link.click()
        assert download.value.suggested_filename == "top_songs.csv"
        assert download.value.path().read_bytes() == _linked(link)


def _table(details: Locator) -> list[list[str]]:
    rows: list[list[str]] = details.evaluate(
        """details => [...details.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) =>
            cell.matches(".number") ? cell.textContent.replaceAll(",", "") : cell.textContent))"""
    )
    return rows


def _visible(text: str) -> str:
    return text.translate({7: "␇", 27: "␛", 127: "␡"})


@pytest.mark.parametrize("allowed", [True, False], ids=["allowed", "refused"])
def test_copying(browser: Browser, real: Path, allowed: bool) -> None:
    # Granting anything refuses the rest.
    with visit(browser, real, permissions=CLIPBOARD if allowed else ["geolocation"]) as seen:
        article = seen.page.locator("#plays_by_day")
        for kind, expected in (("table", "day\tfree\tpaid\n2018-11-01\t11\t0\n"), ("sql", "SELECT TRUNC(start_time)")):
            details = article.locator(f"details.{kind}")
            details.locator("summary").click()
            details.get_by_role("button", name="Copy").click()
            said = details.get_by_role("status")
            said.get_by_text("Copied." if allowed else "it is selected now").wait_for()
            selected = "navigator.clipboard.readText()" if allowed else "getSelection().toString()"
            assert seen.page.evaluate(selected).lstrip().replace("\n\n", "\n").startswith(expected)
        assert seen.troubles == []


def test_numbers_are_copied_without_the_commas_of_thousands(browser: Browser, real: Path) -> None:
    with visit(browser, real, permissions=CLIPBOARD) as seen:
        details = seen.page.locator("#browsers details.table")
        details.locator("summary").click()
        assert "3,319" in details.locator("td").all_inner_texts()
        details.get_by_role("button").click()
        details.get_by_text("Copied.").wait_for()
        assert "\t3319\t" in seen.page.evaluate("navigator.clipboard.readText()")


def test_a_place_tells_its_values_to_the_mouse_and_the_keyboard(browser: Browser, real: Path) -> None:
    with visit(browser, real) as seen:
        chart, tip = seen.page.locator("#plays_by_day .chart"), seen.page.locator("#tip")
        assert not tip.is_visible()
        chart.locator(".wide [aria-label]").nth(14).hover()
        assert tip.inner_text() == "15 Nov 2018: paid 450, free 29"
        chart.focus()
        for key, told in (("Home", "1 Nov 2018: paid 0, free 11"), ("ArrowRight", "2 Nov"), ("End", "30 Nov")):
            chart.press(key)
            assert tip.inner_text().startswith(told)
        chart.press("Escape")
        assert not tip.is_visible()


def test_a_place_tells_its_values_to_a_finger(browser: Browser, real: Path) -> None:
    with visit(browser, real, PHONE, has_touch=True, is_mobile=True) as seen:
        tip = seen.page.locator("#tip")
        seen.page.locator("#plays_by_hour .narrow [aria-label]").first.tap()
        assert tip.inner_text().startswith("Sunday, 0:00 to 0:59 UTC")
        seen.page.locator("h1").tap()
        assert not tip.is_visible()


def test_it_is_whole_without_script(browser: Browser, real: Path) -> None:
    with visit(browser, real, java_script_enabled=False) as seen:
        assert seen.page.locator(".chart").count() == len(PICTURES)
        details = seen.page.locator("#top_songs details.table")
        details.locator("summary").click()
        assert details.get_by_text("Dwight Yoakam").is_visible()
        assert not details.locator("button").is_visible()
        with seen.page.expect_download() as download:
            details.get_by_text("Download CSV").click()
        assert "Dwight Yoakam" in download.value.path().read_text(encoding="utf-8")


def test_paper(browser: Browser, real: Path) -> None:
    with visit(browser, real, (718, 1000), color_scheme="dark") as seen:
        seen.page.locator("#top_songs details.table summary").click()
        seen.page.emulate_media(media="print")
        assert min(_rgb(seen.page.evaluate("getComputedStyle(document.body).color"))) < 64
        for picture in PICTURES:
            article = seen.page.locator(f"#{picture.name}")
            assert article.locator("h3").is_visible()
            assert article.locator(".finding").is_visible()
            assert _painted(article.locator(".chart")) > 0
            assert article.locator(".chart").evaluate("one => getComputedStyle(one).breakInside") == "avoid"
            assert article.locator("details.sql").is_visible() is False
            assert article.locator("details.table").is_visible() is (picture.name == "top_songs")
        for hidden in ("nav", "button", "text=Download CSV"):
            assert not any(one.is_visible() for one in seen.page.locator(hidden).all())
        assert seen.page.pdf(format="A4").startswith(b"%PDF-")


def test_it_speaks_to_those_who_do_not_see_it(browser: Browser, real: Path) -> None:
    with visit(browser, real) as seen:
        assert seen.page.locator("html").get_attribute("lang") == "en"
        for landmark in ("banner", "navigation", "main", "contentinfo"):
            assert seen.page.get_by_role(landmark).count() == 1
        levels = seen.page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map((one) => +one.tagName[1])")
        assert levels[0] == 1
        assert all(after - level <= 1 for level, after in pairwise(levels))
        for picture in PICTURES:
            article = seen.page.get_by_role("article", name=picture.title, exact=True)
            finding = article.locator(".finding").inner_text()
            assert article.get_by_role("img", name=f"Chart: {picture.title} {finding}").count() == 1
            article.locator("summary").first.press("Space")
            assert article.get_by_role("table", name=picture.title).is_visible()
            assert article.get_by_role("columnheader").count() > 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_reached_and_seen_with_the_keyboard(browser: Browser, single: Path, scheme: Any) -> None:
    with visit(browser, single, color_scheme=scheme) as seen:
        expected = seen.page.evaluate(
            """[...document.querySelectorAll("a, button, summary, [tabindex='0']")]
                .filter((one) => one.checkVisibility() && one.tabIndex >= 0).length"""
        )
        reached = 0
        for _ in range(expected):
            seen.page.keyboard.press("Tab")
            reached += seen.page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2")
        assert reached == expected > 2 * len(PICTURES)


PAIRS = [
    *((text, ground, 4.5) for text in ("ink", "soft", "link") for ground in ("paper", "card")),
    *((mark, "card", 3) for mark in ("paid", "free", "accent", "second", "quiet")),
    *((f"on-{mark}", mark, 4.5) for mark in ("paid", "free", "accent", "second", "quiet")),
    *(("ink", f"heat-{step}", 4.5) for step in range(4)),
    *(("on-heat", f"heat-{step}", 4.5) for step in range(4, 7)),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(browser: Browser, single: Path, scheme: Any) -> None:
    """As the Web Content Accessibility Guidelines 2.2 ask for at level AA: 1.4.3 for text, 1.4.11 for marks."""
    with visit(browser, single, color_scheme=scheme) as seen:
        for one, other, least in PAIRS:
            colours = [
                seen.page.evaluate(f"getComputedStyle(document.documentElement).getPropertyValue('--{name}')")
                for name in (one, other)
            ]
            dark, bright = sorted(map(_luminance, colours))
            assert (bright + 0.05) / (dark + 0.05) >= least, (one, other)


def test_hostile_values_are_text(browser: Browser, hostile: Path, html_songs: list[dict[str, Any]]) -> None:
    assert len(html_songs) == 5
    with visit(browser, hostile) as seen:
        page = seen.page
        artists = _table(page.locator("#top_artists details.table"))
        assert {row[1] for row in artists} >= {one["artist_location"] for one in html_songs}
        assert {row[0] for row in artists} >= set(map(_visible, HOSTILE))
        assert {row[0] for row in _table(page.locator("#places details.table"))} >= set(map(_visible, HOSTILE))
        told = page.locator("#places .wide [aria-label]").evaluate_all("all => all.map((one) => one.ariaLabel)")
        for text in HOSTILE:
            assert f"{' '.join(_visible(text).split())}: 1 play" in {" ".join(one.split()) for one in told}
        assert page.evaluate("window.hostile") is None
        assert page.locator("script").count() == 1
        assert page.locator("img, iframe, object, embed, form, base").count() == 0
        assert _foreign(page) == []
        assert seen.troubles == []


def _foreign(page: Page) -> list[str]:
    """What could run, load or lead away within the charts, and handlers anywhere."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll("svg script, svg a, svg image, svg use, svg foreignObject, svg style"),
            ...[...document.querySelectorAll("*")].filter((one) => [...one.attributes].some(({name}) =>
                name.startsWith("on") || (one.closest("svg") && ["style", "href", "xlink:href"].includes(name))))
        ].map((one) => one.outerHTML)"""
    )
    return found


def test_names_too_long_for_the_chart_are_cut_there_alone(browser: Browser, hostile: Path) -> None:
    with visit(browser, hostile, PHONE) as seen:
        drawn = seen.page.locator("#places .narrow text").all_text_contents()
        assert [text for text in drawn if text.startswith("one name that") and text.endswith("…")]
        assert HOSTILE[-1] in {row[0] for row in _table(seen.page.locator("#places details.table"))}


def test_the_policy_lets_nothing_else_run_or_load(browser: Browser, single: Path, tmp_path: Path) -> None:
    text = single.read_text(encoding="utf-8")
    injected = tmp_path / "injected.html"
    injected.write_text(
        text.replace("</body>", "<script>window.hostile = 1</script><img src=x onerror='window.hostile = 1'></body>")
    )
    with visit(browser, injected) as seen:
        assert seen.page.evaluate("window.hostile") is None
        assert seen.page.evaluate("fetch(location.href).then(() => 'loaded', () => 'refused')") == "refused"
        assert any("Content Security Policy" in one for one in seen.troubles)


def _rgb(colour: str) -> list[int]:
    """
    Of ``rgb(1, 2, 3)`` or ``#010203``.
    """
    if colour.startswith("rgb("):
        return [int(part) for part in colour[4:-1].split(",")]
    return list(bytes.fromhex(colour.strip().removeprefix("#")))


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in _rgb(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
