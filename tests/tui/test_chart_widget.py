"""The chart widget: what it shows, when it redraws, and in which colours."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from quiet import until_quiet
from textual.app import App, ComposeResult
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from ltvtui.present.charts import BarChart, Line, LineChart, Palette
from ltvtui.tui.widgets import chart as module
from ltvtui.tui.widgets.chart import Chart, theme_palette

LTV = LineChart(
    "LTV by tier",
    [
        Line("VIP", [0, 1, 2], [0, 5, 9], "accent1"),
        Line("Main", [0, 1, 2], [0, 3, 4], "accent2"),
        Line("Entry", [0, 1, 2], [0, 1, 1], "accent3"),
    ],
)


class ChartApp(App[None]):
    CSS = "Chart { padding: 1 2; background: $surface; }"

    def compose(self) -> ComposeResult:
        yield Chart(LTV, sentence="Still counting")


def run(scenario: Callable[[ChartApp, Chart], Awaitable[None]], size: tuple[int, int] = (60, 16)) -> None:
    async def main() -> None:
        app = ChartApp()
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await scenario(app, app.query_one(Chart))

    asyncio.run(main())


def text(chart: Chart) -> str:
    return "\n".join(chart.render_line(row).text for row in range(chart.content_size.height))


def colours(chart: Chart) -> set[str]:
    """The colours of the lines' signs."""
    return {
        segment.style.color.name
        for row in range(chart.content_size.height)
        for segment in chart.render_line(row)
        if segment.style and segment.style.color and set(segment.text) & set("●◆▲")
    }


def test_it_fills_its_content_and_cannot_be_focused() -> None:
    async def scenario(app: ChartApp, chart: Chart) -> None:
        assert chart.content_size == (56, 14)
        lines = [chart.render_line(row) for row in range(14)]
        assert [line.cell_length for line in lines] == [56] * 14
        assert lines[0].text.startswith("LTV by tier")
        assert all(segment.style and segment.style.bgcolor for line in lines for segment in line)
        assert not chart.can_focus

    run(scenario)


def test_the_three_tiers_have_three_colours_in_every_theme() -> None:
    async def scenario(app: ChartApp, chart: Chart) -> None:
        for theme in app.available_themes:
            app.theme = theme
            await asyncio.sleep(0)
            palette = theme_palette(app.theme_variables, chart.background_colors[1])
            assert len(set(palette.accents)) == len(palette.accents) >= 3, theme

    run(scenario)


def test_it_is_drawn_once_and_again_when_the_theme_size_or_chart_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[tuple[int, int]] = []
    real = module.render

    def counted(spec: LineChart, width: int, height: int, palette: Palette) -> object:
        calls.append((width, height))
        return real(spec, width, height, palette)

    monkeypatch.setattr(module, "render", counted)

    async def scenario(app: ChartApp, chart: Chart) -> None:
        dark = colours(chart)
        chart.refresh()
        text(chart)
        assert len(calls) == 1
        app.theme = "textual-light"
        await app.animator.wait_for_idle()
        await until_quiet()
        assert colours(chart) != dark
        assert len(calls) == 2
        chart.chart = BarChart("Channels", ["email"], [3])
        assert "email  3" in text(chart)
        assert len(calls) == 3

    run(scenario)


def test_without_a_chart_it_says_why() -> None:
    async def scenario(app: ChartApp, chart: Chart) -> None:
        chart.chart = None
        assert "Still counting" in text(chart)
        chart.sentence = "No spend known"
        assert "No spend known" in text(chart)

    run(scenario)


@pytest.mark.parametrize("size", [(1, 1), (6, 4), (20, 7), (200, 60)])
def test_any_size(size: tuple[int, int]) -> None:
    async def scenario(app: ChartApp, chart: Chart) -> None:
        assert all(
            chart.render_line(row).cell_length == chart.content_size.width for row in range(chart.content_size.height)
        )

    run(scenario, size)


@pytest.mark.parametrize("name", ["textual-light", "solarized-light", "nord", "dracula"])
def test_lines_stand_out_from_the_background(name: str) -> None:
    system = BUILTIN_THEMES[name].to_color_system()
    variables = system.generate()
    background = Color.parse(variables["background"])
    for accent in theme_palette(variables, background).accents:
        assert module._contrast(Color.parse(accent), background) >= 3
