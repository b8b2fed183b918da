"""What a command says of what comes next: on a terminal, in words that can be pasted into a shell."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

from scraper.cli.hints import command_line, short
from scraper.home import Home
from scraper.instance import only_instance
from tests.cli.conftest import HOST
from tests.cli.harness import command, environment, follow, scrape
from tests.cli.test_terminal import on_a_terminal
from tests.local_news import LocalNews

NAME = "harbour-gazette.example"
EMPTY = "# none\n"


def steps(shown: str, lead: str = "Next:") -> list[str]:
    """The commands behind a lead, without what they are for."""
    lines = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown).splitlines()]
    first = next(index for index, line in enumerate(lines) if line.startswith(f"{lead} "))
    told = [lines[first].removeprefix(f"{lead} ")]
    for line in lines[first + 1 :]:
        if not line.startswith(" " * len(f"{lead} ")):
            break
        told.append(line.strip())
    return [re.sub(r"\s+# .*", "", line) for line in told]


def paste(line: str, **env: str) -> str:
    """Run a line in a shell, in which ``scrape`` is this program."""
    ours = f'scrape() {{ {shlex.join(map(str, (sys.executable, "-m", "scraper")))} "$@"; }}'
    words = ["bash", "--norc", "-c", f"{ours}\n{line}"]
    done = subprocess.run(words, env=environment(**env), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def on_wide_terminal(home: Path, *words: str, **env: str) -> tuple[int, str]:
    code, shown, _ = on_a_terminal(home, *words, COLUMNS="200", **env)
    return code, shown


def test_init_leads_on_and_its_words_can_be_pasted(tmp_path: Path) -> None:
    home = tmp_path / "my news"
    code, shown = on_wide_terminal(home, "init", HOME=str(tmp_path))
    assert code == 0
    assert steps(shown) == [
        "scrape --home ~/'my news' sources add URL",
        "scrape --home ~/'my news' run --once",
        "scrape --home ~/'my news' init --contact you@example.org",
    ]
    assert "15 outlets are followed already" in shown
    assert "contact: you@example.org" in paste(steps(shown)[2], HOME=str(tmp_path))
    _, again = on_wide_terminal(home, "init", HOME=str(tmp_path))
    assert len(steps(again)) == 2  # there is a contact now
    _, found = on_wide_terminal(home, "init", SCRAPE_HOME=str(home))
    assert steps(found)[0] == "scrape sources add URL"  # it is found without --home
    (home / "config" / "scraper.toml").write_text("nonsense = 1\n", encoding="utf-8")
    _, broken = on_wide_terminal(home, "init")
    assert "Mend first: " in broken
    assert "Next:" not in broken


def test_what_a_step_is_for_wraps_below_it_on_a_narrow_terminal(tmp_path: Path) -> None:
    _, shown, _ = on_a_terminal(tmp_path, "init", COLUMNS="60", NO_COLOR="1", HOME=str(tmp_path))
    lines = [line.rstrip() for line in shown[shown.index("Next:") :].splitlines()]
    assert lines[0] == "Next: scrape --home ~ sources add URL"
    assert all(line.lstrip().startswith("# ") for line in lines[1:3])
    assert max(map(len, lines)) <= 60


def test_init_bare_follows_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    code, shown = on_wide_terminal(home, "init", "--bare")
    assert (code, "outlets" in shown) == (0, False)
    text = (home / "config" / "sources.toml").read_text(encoding="utf-8")
    assert text.startswith("# The sources that are followed.")
    assert "[[source]]" not in text
    assert not text.rstrip().endswith("# English")
    assert scrape(home, "sources", "list", "--json").done() == "[]\n"
    text += "# mine\n"
    (home / "config" / "sources.toml").write_text(text, encoding="utf-8")
    scrape(home, "init", "--bare").done()
    assert (home / "config" / "sources.toml").read_text(encoding="utf-8") == text


def test_an_added_source_can_be_taken_back_and_fetched(fresh: Path, site: LocalNews) -> None:
    follow(fresh, site.outlets, "old-county-post")
    code, shown = on_wide_terminal(fresh, "sources", "add", f"{HOST}/")
    assert code == 0
    (undo,), (then,) = steps(shown, "Undo:"), steps(shown)
    assert undo == command_line(Home(fresh), f"sources remove {NAME}")
    assert then.endswith(" run --once")
    assert "asks 1 other source too" in shown
    assert paste(undo) == f"{NAME}: removed\n"
    _, quiet = on_wide_terminal(fresh, "sources", "add", f"{HOST}/", "--json")
    assert "Next:" not in quiet
    with only_instance(fresh / "storage" / "daemon.lock"):
        _, running = on_wide_terminal(fresh, "sources", "remove", NAME)
    assert steps(running) == [command_line(Home(fresh), "reload")]


def test_a_run_leads_to_what_it_stored(fresh: Path, site: LocalNews) -> None:
    follow(fresh, site.outlets, "harbour-gazette")
    code, shown = on_wide_terminal(fresh, "run", "--once")
    assert code == 0
    assert [step.split()[3] for step in steps(shown)] == ["search", "show", "serve", "status"]
    assert "why 3 pages yielded no article" in shown
    assert "#1 Night ferry" in paste(steps(shown)[0])
    _, idle = on_wide_terminal(fresh, "run", "--once")
    assert [step.split()[3] for step in steps(idle)] == ["status", "run"]
    _, as_json = on_wide_terminal(fresh, "run", "--once", "--json")
    assert "Next:" not in as_json
    assert scrape(fresh, "run", "--once").err == ""


def test_a_run_without_sources_says_how_to_get_one(fresh: Path) -> None:
    (fresh / "config" / "sources.toml").write_text(EMPTY, encoding="utf-8")
    for words in (("run", "--once"), ("sources", "list"), ("sources", "check")):
        code, shown = on_wide_terminal(fresh, *words)
        assert (code, steps(shown)) == (0, [command_line(Home(fresh), "sources add URL")])
        assert scrape(fresh, *words).err == ""


def test_an_archive_with_nothing_in_it_says_how_to_fill_it(fresh: Path) -> None:
    (fresh / "config" / "sources.toml").write_text(EMPTY, encoding="utf-8")
    assert scrape(fresh, "run", "--once").err == ""
    wanted = [command_line(Home(fresh), words) for words in ("sources add URL", "run --once", "fetch URL")]
    for code, words in ((0, "status"), (1, "search")):
        met, shown = on_wide_terminal(fresh, words)
        assert (met, steps(shown, "Nothing is stored yet. Next:")) == (code, wanted)
        assert "Next" not in scrape(fresh, words).err


def test_a_run_without_a_network_says_so(fresh: Path) -> None:
    text = '[[source]]\nname = "far"\nurl = "http://nowhere.invalid/feed"\nkind = "feed"\n'
    (fresh / "config" / "sources.toml").write_text(text, encoding="utf-8")
    code, shown = on_wide_terminal(fresh, "run", "--once")
    assert code == 1
    assert "is this machine online?" in shown
    assert steps(shown) == [command_line(Home(fresh), "doctor")]
    assert f"Why: {command_line(Home(fresh), 'status')}" in shown


def test_a_whole_address_is_shown_however_narrow_the_terminal(fresh: Path) -> None:
    _, shown, _ = on_a_terminal(fresh, "sources", "list", COLUMNS="40", NO_COLOR="1")
    columns = [line[-17:] for line in shown.splitlines()]
    assert "…" not in shown
    assert any("http://" in line for line in columns)


def test_a_path_is_written_as_a_shell_takes_it(tmp_path: Path) -> None:
    assert short(Path.home()) == "~"
    assert short(Path.home() / "news") == "~/news"
    assert short(tmp_path / "it's") == shlex.quote(str(tmp_path / "it's"))


def test_nothing_is_hinted_where_one_stream_is_no_terminal(tmp_path: Path) -> None:
    _, shown, out = on_a_terminal(tmp_path / "home", "init", only="stderr")
    assert ("Next:" in shown, "files written" in out) == (False, True)
    assert command(None, "init")  # the same words, in a pipe altogether:
    assert scrape(tmp_path / "other", "init").err == ""
