"""config/ judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.doctor.configuration import configuration, site_files
from scraper.doctor.finding import Verdict
from scraper.home import Home, init_home
from scraper.settings import load_settings

OK, WARNING, WRONG = Verdict
SOURCE = '[[source]]\nname = "a"\nurl = "http://a.example/feed"\nkind = "feed"\n'


@pytest.fixture
def home(tmp_path: Path) -> Home:
    init_home(tmp_path)
    return Home(tmp_path)


def verdicts(home: Home) -> dict[str, Verdict]:
    found, _ = configuration(home, load_settings(home))
    assert all(finding.remedy for finding in found if finding.verdict is not OK)
    return {finding.name: finding.verdict for finding in found}


def test_a_new_home_wants_a_contact(home: Home) -> None:
    assert verdicts(home) == {"contact": WARNING, "sources": OK, "sites": OK}
    text = home.scraper_toml.read_text(encoding="utf-8")
    home.scraper_toml.write_text(text.replace('contact = ""', 'contact = "me@a.example"'), encoding="utf-8")
    assert verdicts(home)["contact"] is OK


@pytest.mark.parametrize(
    ("sources", "verdict"),
    [
        ("", WARNING),
        (SOURCE + "enabled = false\n", WARNING),
        (SOURCE + 'timezone = "Europe/Pariss"\n', WRONG),
        (SOURCE + "knd = 1\n", WRONG),
        (SOURCE, OK),
    ],
)
def test_sources(home: Home, sources: str, verdict: Verdict) -> None:
    home.sources_toml.write_text(sources, encoding="utf-8")
    assert verdicts(home)["sources"] is verdict


def test_rules_that_are_wrong_or_not_read(home: Home) -> None:
    (home.sites / "a.example.tml").write_text("drop = 'p'\n", encoding="utf-8")
    assert site_files(home.sites) == ("a.example.tml",)
    assert verdicts(home)["sites"] is WARNING
    (home.sites / "a.example.toml").write_text("dorp = 'p'\n", encoding="utf-8")
    assert verdicts(home)["sites"] is WRONG
    assert site_files(home.root / "nowhere") == ()


def test_secrets_that_are_not_there(home: Home) -> None:
    home.sources_toml.write_text(SOURCE + 'login = "file:cookies.txt"\n', encoding="utf-8")
    assert verdicts(home)["secrets"] is WRONG


def test_an_edited_file_of_storage_is_named(home: Home) -> None:
    (home.storage / "metadata.yaml").write_text("title: mine\n", encoding="utf-8")
    assert verdicts(home)["metadata.yaml"] is WARNING
