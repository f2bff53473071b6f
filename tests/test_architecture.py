"""The dependency rule: who may import what, and which library lives where.

A room's row names what its files may import besides the standard library and piiguard; a home names the only files
that may import a library. Tests import what they like.
"""

import ast
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

CORE = {"numpy", "tokenizers", "onnxruntime", "phonenumbers", "stdnum"}
TRAINING = {
    "torch", "transformers", "accelerate", "datasets", "safetensors", "sklearn", "seqeval", "nervaluate", "cleanlab",
    "faker", "onnx", "presidio_analyzer", "spacy", "tldextract", "click", "rich",
}  # fmt: skip
BOT = {
    "flask", "flask_bootstrap", "flask_wtf", "wtforms", "markupsafe", "jinja2", "slack_sdk", "sqlalchemy", "alembic",
    "psycopg", "cryptography", "authlib", "joserfc", "argon2", "pydantic", "pydantic_settings", "prometheus_client", "gunicorn",
    "waitress", "werkzeug", "click", "rich", "pypdf", "defusedxml", "pydantic_core", "yaml",
}  # fmt: skip
ROOMS = {
    "piiguard": CORE,
    "training": CORE | TRAINING | {"training"},
    "bot": BOT | {"bot"},
}
#: Files of the core that stand at its border, and what they may import more; `import piiguard` loads none of them.
BORDERS = {
    "piiguard/__main__.py": {"click", "rich"},
    "piiguard/cli": {"click", "rich"},
    "piiguard/reports/table.py": {"click", "rich"},
    "piiguard/reports/html_page.py": {"jinja2", "markupsafe"},
    "piiguard/policy_file.py": {"yaml", "pydantic", "pydantic_core"},
    "piiguard/ray_engine.py": {"ray"},
    "piiguard/presidio.py": {"presidio_analyzer"},
    # Parquet as ``datasets`` reads it, for who has pyarrow; asked for by name, loaded when it is written or read
    "piiguard/formats/parquet.py": {"pyarrow"},
}
HOMES = {
    "torch": {"training/base_encoder.py", "training/finetune.py", "training/export.py"},
    "transformers": {"training/base_encoder.py", "training/finetune.py", "training/export.py"},
    "datasets": {"training/dataset.py"},
    "onnx": {"training/quantize.py"},
    "pyarrow": {"piiguard/formats/parquet.py"},
    "presidio_analyzer": {"training/presidio.py", "piiguard/presidio.py"},
    "spacy": {"training/presidio.py"},
    "tldextract": {"training/presidio.py"},
    # the generators make numbers with the check digits that the validators test: one library, told apart by direction
    "stdnum": {"piiguard/validators.py", "training/generators"},
    "phonenumbers": {"piiguard/validators.py"},
    "tokenizers": {"piiguard/encoding.py", "piiguard/onnx_detector.py", "training/dataset.py"},
    "onnxruntime": {"piiguard/onnx_detector.py", "training/export.py", "training/quantize.py"},
    "yaml": {"piiguard/policy_file.py"},
    "ray": {"piiguard/ray_engine.py"},
    "slack_sdk": {"bot/slack", "bot/ingress/socket.py"},
    "sqlalchemy": {"bot/store"},
    "cryptography": {"bot/crypto.py"},
    "authlib": {"bot/console/oidc.py", "bot/console/oidc_provider.py"},
    "joserfc": {"bot/console/oidc_provider.py"},
    "argon2": {"bot/passwords.py"},
}
#: What the core never touches: the environment, the network, and a format that runs code when it is read.
FORBIDDEN_IN_CORE = {
    "socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "asyncio", "pickle", "marshal", "shelve", "dill",
    "logging", "training", "bot",
}  # fmt: skip
NEVER_LOADED = {
    "torch", "transformers", "spacy", "flask", "slack_sdk", "presidio_analyzer", "sqlalchemy", "ray", "pydantic", "yaml",
    "click", "rich", "jinja2", "pyarrow",
}  # fmt: skip


def files_of(room):
    return sorted((ROOT / room).rglob("*.py"))


def imports(path):
    """(module, line) of each import in a file, wherever it stands; `from a import b` counts as a and as a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import in line {node.lineno}"
            yield node.module, node.lineno
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def is_in(path, places):
    name = path.relative_to(ROOT).as_posix()
    return any(name == place or name.startswith(place + "/") for place in places)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_its_row_allows(room):
    wrong = []
    for path in files_of(room):
        allowed = ROOMS[room] | {"piiguard"}
        for border, more in BORDERS.items():
            if is_in(path, {border}):
                allowed = allowed | more
        wrong += [
            f"{path.relative_to(ROOT)}:{line} {module}"
            for module, line in imports(path)
            if module.split(".")[0] not in allowed | sys.stdlib_module_names
        ]

    assert wrong == []


@pytest.mark.parametrize("library", HOMES)
def test_a_library_has_one_home(library):
    strangers = [
        f"{path.relative_to(ROOT)}:{line}"
        for room in ROOMS
        for path in files_of(room)
        for module, line in imports(path)
        if module.split(".")[0] == library and not is_in(path, HOMES[library])
    ]

    assert strangers == []


def test_the_core_knows_no_network_no_pickle_no_log_and_no_other_room():
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {module}"
        for path in files_of("piiguard")
        for module, line in imports(path)
        if any(module == name or module.startswith(name + ".") for name in FORBIDDEN_IN_CORE)
    ]

    assert wrong == []


def test_the_core_reads_no_environment_variable():
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.attr}"
        for path in files_of("piiguard")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv")
    ]

    assert wrong == []


def test_the_core_opens_onnxruntime_in_one_place_and_only_on_the_cpu():
    text = (ROOT / "piiguard/onnx_detector.py").read_text(encoding="utf-8")

    assert text.count("InferenceSession(") == 1
    assert 'providers=["CPUExecutionProvider"]' in text


@pytest.mark.parametrize("room", ["piiguard", "training", "bot"])
def test_nobody_reads_pickle_or_runs_text(room):
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files_of(room)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec", "compile"))
            or ast.unparse(node.func) in ("torch.load", "yaml.load", "yaml.unsafe_load", "pickle.load", "pickle.loads")
        )
    ]  # fmt: skip

    assert wrong == []


IMPORT = """
import json, sys, time
started = time.process_time()
import piiguard
print(json.dumps({"seconds": time.process_time() - started, "modules": sorted(sys.modules)}))
"""


def fresh_import():
    """What `import piiguard` costs and loads in an interpreter of its own."""
    run = subprocess.run([sys.executable, "-c", IMPORT], cwd=ROOT, check=True, capture_output=True)
    return json.loads(run.stdout)


def test_import_piiguard_loads_no_heavy_library():
    loaded = {module.split(".")[0] for module in fresh_import()["modules"]}

    assert sorted(loaded & NEVER_LOADED) == []


def test_import_piiguard_takes_less_than_half_a_second():
    # The one timed test, because the issue sets this bar. The machine does other things too: the processor's time,
    # and the best of several.
    seconds = [fresh_import()["seconds"] for _ in range(4)]

    assert min(seconds) < 0.5


def test_detecting_needs_no_network(model_dir, monkeypatch):
    import piiguard

    def refuse(*args, **kwargs):
        raise AssertionError("the core opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    spans = piiguard.load(model_dir).detect(
        "ask Priya, ssn is 078-05-1120, jane@acme.org, 203.0.113.7"
    )

    assert {"PERSON", "NATIONAL_ID", "EMAIL_ADDRESS"} <= {span.label for span in spans}
