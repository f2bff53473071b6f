"""What the documents say is so: their code runs, their links lead somewhere, and nobody is sent to a command that is not there."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import piiguard

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not {".venv", "work", ".git", "node_modules"} & set(path.relative_to(ROOT).parts)
    and not path.relative_to(ROOT).parts[0].startswith(".")
)
_LINK = re.compile(r"\[[^\]]*\]\((?!https?://|mailto:|#)([^)#\s]+)[^)]*\)")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def stable(text):
    """An answer without its scores and sources, which a new model may change."""
    text = re.sub(r"""(["']?score["']?[=:] ?)[\d.]+""", r"\1…", text)
    return re.sub(r"""(["']?source["']?[=:] ?)["'][^"']*["']""", r"\1…", text)


def test_the_python_of_the_readme_gives_the_answers_shown():
    names, n_answers = {"piiguard": piiguard}, 0
    for block in blocks("python"):
        for statement, shown in sessions(block):
            tree = ast.parse(statement)
            if isinstance(tree.body[0], ast.Expr):
                value = eval(compile(statement, "README.md", "eval"), names)
                if shown:
                    assert stable(repr(value)) == stable(shown), statement
                    n_answers += 1
            else:
                exec(compile(statement, "README.md", "exec"), names)

    assert n_answers >= 3


def sessions(block):
    """(statement, answer shown) of each `>>>` of a block."""
    for part in re.split(r"^>>> ", block, flags=re.MULTILINE)[1:]:
        statement, _, shown = part.partition("\n")
        yield statement, shown.strip()


def test_the_commands_of_the_readme_give_the_answers_shown():
    n_answers = 0
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            if "piiguard" not in command or not shown.strip():
                continue
            done = subprocess.run(
                ["bash", "-c", command.replace("piiguard", f"{sys.executable} -m piiguard", 1)],
                capture_output=True, text=True, cwd=ROOT,
            )  # fmt: skip
            assert stable(done.stdout.strip()) == stable(shown.strip()), command + done.stderr
            n_answers += 1

    assert n_answers >= 2


def test_the_results_stand_between_the_marks_of_the_program_that_writes_them():
    assert README.count("<!-- results:begin -->\n") == README.count("<!-- results:end -->") == 1


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_within_the_repository_lead_somewhere(page):
    missing = [
        target
        for target in _LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert missing == []


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        (page.name, target)
        for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
        for target in re.findall(
            r"\bmake ([a-z-]+)(?=`|\s*$|\s{2,}|,)", page.read_text(), re.MULTILINE
        )
    }

    assert named
    assert {target for _, target in named} <= targets


def test_every_decision_has_the_same_four_parts_and_a_number_of_its_own():
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in records]

    assert numbers == [f"{n:04}" for n in range(1, len(records) + 1)]
    for path in records:
        heads = re.findall(r"^## (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert heads == ["Context", "Decision", "Rejected", "Cost"], path.name


@pytest.mark.parametrize(
    "command",
    ["", "detect", "scan", "redact", "bench", "bench latency", "bench accuracy", "model", "model show", "model verify", "model list"],
)  # fmt: skip
def test_every_command_has_help_that_says_what_it_does(command):
    done = subprocess.run(
        [sys.executable, "-m", "piiguard", *command.split(), "--help"],
        capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    assert lines[0].startswith("Usage: ")
    assert lines[1].startswith("  "), "no sentence below the usage"


def test_the_changelog_knows_this_version():
    assert f"## {piiguard.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
