"""What tests share: a tiny model whose answers are known, and how hypothesis runs."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tokenizers import Tokenizer

import piiguard
from piiguard.encoding import Encoder
from piiguard.model_dir import Manifest, open_model_dir
from piiguard.onnx_detector import OnnxDetector
from piiguard.rule_detector import RuleDetector
from piiguard.rules.tables import ALL_RULES
from tests import tiny_model

# No deadline: on a busy machine one of a hundred examples is slow. Derandomized: a change is judged by what it
# changed, not by the day's dice; delete .hypothesis and name another profile to roll them.
settings.register_profile(
    "piiguard",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("dice", deadline=None, max_examples=2000, derandomize=False)
settings.load_profile("piiguard")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return tiny_model.tiny_tokenizer()


@pytest.fixture(scope="session")
def encoder(tokenizer: Tokenizer) -> Encoder:
    return Encoder(tokenizer, **tiny_model.ENCODER)


@pytest.fixture
def model_dir(tmp_path: Path) -> Path:
    """A whole model directory that a test may spoil."""
    return tiny_model.write_tiny_model(tmp_path)


@pytest.fixture(scope="session")
def tiny_manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return open_model_dir(tiny_model.write_tiny_model(tmp_path_factory.mktemp("models")))


@pytest.fixture(scope="session")
def detector(tiny_manifest: Manifest) -> OnnxDetector:
    """The tiny model alone."""
    return OnnxDetector(tiny_manifest, threads=1)


@pytest.fixture(scope="session")
def guard(tiny_manifest: Manifest, detector: OnnxDetector) -> piiguard.Guard:
    """All rules and the tiny model."""
    return piiguard.Guard(RuleDetector(ALL_RULES), detector, tiny_manifest)
