"""What contributors are given works: hooks, workflows and templates say what the Makefile and .ci/run do."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from scraper.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
GITHUB = ROOT / ".github"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")


def recipe(target: str) -> list[str]:
    """The commands of a target of the Makefile."""
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert found, target
    return [line.strip().removeprefix("@").replace("$(BIN)", ".venv/bin") for line in found[1].splitlines()]


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def workflow(name: str) -> dict[str, list[str]]:
    """The commands that each job of a workflow runs."""
    jobs = load(GITHUB / "workflows" / f"{name}.yml")["jobs"]
    return {job: [step["run"] for step in told.get("steps", []) if "run" in step] for job, told in jobs.items()}


def test_hooks_are_what_make_check_does_and_come_from_nowhere_else() -> None:
    told = load(ROOT / ".pre-commit-config.yaml")["repos"]
    assert [repository["repo"] for repository in told] == ["local"]
    entries = [hook["entry"] for hook in told[0]["hooks"]]
    assert sorted(entries) == sorted(recipe("check"))
    assert all(hook["pass_filenames"] is False and hook["language"] == "system" for hook in told[0]["hooks"])


def test_pre_commit_takes_the_hooks() -> None:
    words = [sys.executable, "-m", "pre_commit", "validate-config", str(ROOT / ".pre-commit-config.yaml")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ci_runs_what_make_ci_runs() -> None:
    assert recipe("ci") == [".ci/run"]
    assert workflow("ci") == {"linux": [".ci/run"], "macos": ["make fast"]}
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.findall(r"^make (.+)$", script, re.MULTILINE) == ["test", "test-faults", "test-browser"]


def test_ci_tries_every_python_that_is_promised() -> None:
    tried = load(GITHUB / "workflows" / "ci.yml")["jobs"]["linux"]["strategy"]["matrix"]["python"]
    promised = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(promised) <= set(tried)


def test_a_release_is_checked_before_it_is_published() -> None:
    jobs = load(GITHUB / "workflows" / "release.yml")["jobs"]
    assert jobs["ci"]["uses"] == "./.github/workflows/ci.yml"
    assert set(jobs["publish"]["needs"]) == {"ci", "build"}
    build = workflow("release")["build"]
    assert build[0] == "make dist"
    assert build[1].startswith('.venv/bin/python -m tests.release "$GITHUB_REF_NAME" --dist dist')
    assert jobs["publish"]["permissions"] == {"contents": "write", "id-token": "write"}
    assert "secrets." not in (GITHUB / "workflows" / "release.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("job", ["ci", "release"])
def test_workflows_call_targets_that_exist(job: str) -> None:
    text = (GITHUB / "workflows" / f"{job}.yml").read_text(encoding="utf-8")
    targets = re.findall(r"\bmake ([a-z-]+)", text)
    assert targets
    for target in targets:
        assert recipe(target)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_asks_for_something_and_names_commands_that_exist(path: Path) -> None:
    form = load(path)
    assert {"name", "description", "body"} <= set(form)
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert any(field.get("validations", {}).get("required") for field in fields)
    assert len({field["id"] for field in fields}) == len(fields)
    assert set(re.findall(r"`scrape ([a-z]+)", path.read_text(encoding="utf-8"))) <= set(COMMANDS)


def test_a_wrong_extraction_comes_with_its_address_and_what_the_rules_said() -> None:
    form = load(GITHUB / "ISSUE_TEMPLATE" / "extraction.yml")
    required = {field["id"] for field in form["body"] if field.get("validations", {}).get("required")}
    assert {"url", "fixture", "wrong"} <= required
    assert "scrape fixture" in (GITHUB / "ISSUE_TEMPLATE" / "extraction.yml").read_text(encoding="utf-8")


def test_what_make_fast_runs_exists() -> None:
    (named,) = re.findall(r"^FAST := ((?:.*\\\n)*.*)$", MAKEFILE, re.MULTILINE)
    paths = named.replace("\\\n", " ").split()
    assert len(paths) > 5
    assert [path for path in paths if not (ROOT / path).exists()] == []
