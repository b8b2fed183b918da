"""Dockerfile and compose.yaml, without a Docker engine: what they name exists, and what they do can be done."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from scraper.cli import COMMANDS, scrape

ROOT = Path(__file__).resolve().parents[1]
_SECRETS = ["config/login.cookies.txt", "config/secrets.env", "config/sites/mine.toml"]  # as in somebody's own home
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def instructions() -> Iterator[tuple[str, str]]:
    """Every instruction of the Dockerfile with its arguments, continuation lines joined."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, _, rest = line.partition(" ")
        yield name, rest.strip()


def said(name: str) -> list[str]:
    return [rest for found, rest in instructions() if found == name]


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build sees of a checkout with databases in it: what .dockerignore leaves."""
    folder = tmp_path_factory.mktemp("context")
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for path in [*tracked.split(), "storage/news.db", "storage/news.db-wal", "storage/daemon.lock", *_SECRETS]:
        if _is_sent(path, rules):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, folder / path)  # which fails for what is not there: none of those is sent
    return folder


def _is_sent(path: str, rules: list[str]) -> bool:
    """The last rule that fits the path, or a folder above it, decides (dockerignore's order)."""
    parts = path.split("/")
    above = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    sent = True
    for rule in rules:
        pattern = rule.removeprefix("!").removeprefix("**/")
        names = parts if "**/" in rule else [each for each in above if each.count("/") == pattern.count("/")]
        if any(fnmatch(name, pattern) for name in names):
            sent = rule.startswith("!")
    return sent


def test_the_context_is_what_the_image_copies_and_no_database(context: Path) -> None:
    copied = [word for rest in said("COPY") if not rest.startswith("--from") for word in rest.split()[:-1]]
    assert {"requirements.lock", "pyproject.toml", "scraper", "config", "storage"} <= set(copied)
    assert sorted(path.name for path in context.iterdir()) == sorted(copied)
    assert not [path for path in context.rglob("*") if ".db" in path.name or path.name.endswith("daemon.lock")]
    sent = {str(path.relative_to(context)) for path in (context / "config").rglob("*") if path.is_file()}
    tracked = subprocess.run(["git", "ls-files", "config"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert sent == {path for path in tracked.split() if not path.endswith(".gitkeep")}


def test_the_context_is_enough_to_install_from(context: Path, tmp_path: Path) -> None:
    built = shutil.copytree(context, tmp_path / "src")
    words = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(built)]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {"scraper/_defaults/config/scraper.toml", "scraper/_defaults/storage/metadata.yaml"} <= names
    assert not [name for name in names if ".db" in name]


def test_everything_is_locked_and_checked() -> None:
    installs = [words for rest in said("RUN") for words in rest.split("&&") if "pip install" in words]
    assert len(installs) == 2
    assert "--require-hashes -r requirements.lock" in installs[0]
    assert {"--no-deps", "--no-build-isolation"} <= set(installs[1].split())
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert re.search(r"^hatchling==", lock, re.MULTILINE)  # what --no-build-isolation builds with


def test_the_image_runs_as_somebody_without_rights() -> None:
    users = said("USER")
    assert users == ["scraper"]
    names = [name for name, _ in instructions()]
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert said("STOPSIGNAL") == ["SIGTERM"]
    assert [rest for rest in said("ENV") if "SCRAPE_HOME=/data" in rest]
    assert said("VOLUME") == ["/data"]


def _command(words: list[str]) -> list[str]:
    """The words of a `scrape` command, which must parse; nothing is run."""
    assert words[0] in COMMANDS
    with scrape.make_context("scrape", ["--home", "/data"]) as around:
        command = scrape.get_command(around, words[0])
        assert command is not None
        with command.make_context(words[0], [word.replace("${", "{") for word in words[1:]], parent=around):
            pass
    return words


def test_the_commands_exist_and_take_these_options() -> None:
    assert yaml.safe_load(said("ENTRYPOINT")[0]) == ["scrape"]
    run = _command(yaml.safe_load(said("CMD")[0]))
    services = COMPOSE["services"]
    assert _command(services["daemon"]["command"]) == run
    assert _command(services["archive"]["command"])[0] == "serve"
    assert _command(services["setup"]["command"])[0] == "init"


def test_ports_and_health_checks_agree() -> None:
    exposed = said("EXPOSE")[0].split()
    services = COMPOSE["services"]
    for name in ("daemon", "archive"):
        (port,) = services[name]["ports"]
        address, outer, inner = port.split(":")
        assert (address, outer) == ("127.0.0.1", inner)
        assert inner in exposed
        assert inner in " ".join(services[name]["command"])
    checks = [said("HEALTHCHECK")[0].partition("CMD ")[2], str(services["archive"]["healthcheck"]["test"])]
    for check, port in zip(checks, exposed, strict=True):
        assert f"http://127.0.0.1:{port}/" in check
        words = yaml.safe_load(check)
        compile(words[-1], "<health check>", "exec")


def test_the_services_are_confined_and_share_the_home() -> None:
    for name, service in COMPOSE["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["volumes"] == ["home:/data"], name
        assert service["tmpfs"][0].startswith("/tmp:"), name  # noqa: S108 - the container's own
        assert service["stop_grace_period"] == "20s", name
        assert "privileged" not in service, name
        if name != "setup":
            assert service["restart"] == "unless-stopped"
            assert service["depends_on"] == {"setup": {"condition": "service_completed_successfully"}}
    assert set(COMPOSE["volumes"]) == {"home"}


def test_the_health_check_fails_where_nobody_listens(tmp_path: Path) -> None:
    words = yaml.safe_load(said("HEALTHCHECK")[0].partition("CMD ")[2])
    code = words[-1].replace("9464", "1")  # where nobody listens
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert done.returncode == 1


def test_the_examples_at_the_top_are_commands() -> None:
    examples = re.findall(r"^#   docker (run|exec) (.+)$", DOCKERFILE, re.MULTILINE)
    assert len(examples) == 3
    for verb, rest in examples:
        words = shlex.split(rest)
        if verb == "exec":
            assert words[1:2] == ["scrape"]
            _command(words[2:])
        elif words[-1] != "article-scraper":
            _command(words[words.index("article-scraper") + 1 :])
