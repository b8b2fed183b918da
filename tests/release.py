"""What a release must be: ``python -m tests.release v1.2.3 [--dist DIR] [--notes]``.

Ends with exit code 1, and says why, unless the tag is the version of pyproject.toml and the newest heading of
CHANGELOG.md, and the wheel and the sdist in DIR hold what git knows and nothing else of the machine that built them.
``--notes`` prints what CHANGELOG.md says of the version. The release workflow runs it; test_release and test_wheel hold
the same rules before there is a tag.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = "scraper/_defaults/"
"""Where the operator's files lie in the wheel."""
_HEADING = re.compile(r"^## (?P<version>\d+\.\d+\.\d+) - (?P<day>\d{4}-\d\d-\d\d)$", re.MULTILINE)
_OPERATORS = ("config/", "storage/")
_NOT_SHIPPED = re.compile(r"\.gitkeep$")


def version(root: Path = ROOT) -> str:
    """The version of pyproject.toml."""
    found: str = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return found


def notes(changelog: str, of: str) -> str:
    """What the changelog says of a version: the text below its heading."""
    for heading in _HEADING.finditer(changelog):
        if heading["version"] == of:
            return re.split(r"^## ", changelog[heading.end() :], maxsplit=1, flags=re.MULTILINE)[0].strip()
    return ""


def unfit_tag(tag: str, of: str, changelog: str) -> list[str]:
    """Why a tag is none of this version's; ``changelog`` is the text of CHANGELOG.md."""
    faults = [] if tag == f"v{of}" else [f"the tag is {tag}, and pyproject.toml says {of}: a release of it is v{of}"]
    newest = _HEADING.search(changelog)
    if newest is None or newest["version"] != of:
        faults.append(f"CHANGELOG.md: the newest release is not headed '## {of} - YEAR-MONTH-DAY'")
    elif not notes(changelog, of):
        faults.append(f"CHANGELOG.md says nothing of {of}")
    unreleased = re.search(r"^## Unreleased\n(.*?)(?=^## |\Z)", changelog, re.DOTALL | re.MULTILINE)
    if newest and unreleased and unreleased[1].strip():
        faults.append("CHANGELOG.md still has changes under Unreleased; move them below the version's heading")
    return faults


def tracked(root: Path = ROOT) -> set[str]:
    """The files that git knows."""
    told = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True).stdout
    return set(filter(None, told.split("\0")))


def unfit_wheel(names: Iterable[str], known: set[str]) -> list[str]:
    """What of a wheel's files should not be there, and what is missing; ``known`` is what git knows."""
    program = {path for path in known if path.startswith("scraper/")}
    operators = {path for path in known if path.startswith(_OPERATORS) and not _NOT_SHIPPED.search(path)}
    wanted = program | {SHIPPED + path for path in operators}
    return _difference("wheel", {name for name in names if ".dist-info/" not in name}, wanted)


def unfit_sdist(names: Iterable[str], known: set[str]) -> list[str]:
    """The same of an sdist, whose names begin with a folder."""
    found = {name.partition("/")[2] for name in names} - {"PKG-INFO"}
    return _difference("sdist", found, {path for path in known if not _NOT_SHIPPED.search(path)})


def unfit_dist(folder: Path, of: str, known: set[str]) -> list[str]:
    """What is wrong with the one wheel and the one sdist of a version in a folder."""
    wheels, sdists = sorted(folder.glob("*.whl")), sorted(folder.glob("*.tar.gz"))
    stem = f"article_scraper-{of}"
    if [path.name for path in (*wheels, *sdists)] != [f"{stem}-py3-none-any.whl", f"{stem}.tar.gz"]:
        return [f"{folder}: one wheel and one sdist of {of} were expected"]
    with zipfile.ZipFile(wheels[0]) as wheel, tarfile.open(sdists[0]) as sdist:
        files = [member.name for member in sdist.getmembers() if member.isfile()]
        return unfit_wheel(wheel.namelist(), known) + unfit_sdist(files, known)


def _difference(what: str, found: set[str], wanted: set[str]) -> list[str]:
    strange = [f"{what}: {name} is not the repository's" for name in sorted(found - wanted)]
    return strange + [f"{what}: {name} is missing" for name in sorted(wanted - found)]


def main(words: list[str]) -> int:
    """Check a release; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.release", description="Check that a release is right.")
    parser.add_argument("tag", help="such as v1.2.3")
    parser.add_argument("--dist", type=Path, help="the folder with its wheel and its sdist")
    parser.add_argument("--notes", action="store_true", help="print what CHANGELOG.md says of it")
    given = parser.parse_args(words)
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    faults = unfit_tag(given.tag, version(), changelog)
    if given.dist:
        faults += unfit_dist(given.dist, version(), tracked())
    for fault in faults:
        print(fault, file=sys.stderr)  # noqa: T201 - what the workflow's log shows
    if given.notes and not faults:
        print(notes(changelog, version()))  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
