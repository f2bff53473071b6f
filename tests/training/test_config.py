"""A run's configuration: what is in it, and what a mistake in it says."""

import pytest

pytest.importorskip("torch", reason="the workshop needs piiguard[train]")

from piiguard.encoding import Encoder
from training.config import CONFIGS, ConfigError, TrainConfig, read_config
from training.corpora import CORPORA


@pytest.fixture
def written(tmp_path):
    """The path of a TOML file with the given text."""

    def write(text):
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.mark.parametrize("name", sorted(path.stem for path in CONFIGS.glob("*.toml")))
def test_a_written_configuration_reads_and_fits_encoder_and_corpora(name, carrier_tokenizer):
    config = read_config(name)

    assert config.name == name
    assert Encoder(carrier_tokenizer, **config.encoder).max_tokens == config.max_tokens
    assert set(config.mix) <= set(CORPORA)


def test_what_a_file_does_not_say_is_the_default(written):
    config = read_config(written("epochs = 3\nn_examples = 7\n\n[mix]\nirc = 5\n"))

    assert config == TrainConfig(name="mine", epochs=3, n_examples=7, mix={"irc": 5})


def test_a_seed_given_at_the_door_wins(written):
    path = written("seed = 5\n")

    assert [read_config(path).seed, read_config(path, seed=0).seed] == [5, 0]


def test_a_configuration_reads_back_from_its_json(written):
    config = read_config(written("learning_rate = 1e-3\n[mix]\nirc = 5\n"))

    assert TrainConfig(**config.to_json()) == config


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("learningrate = 1e-3\n", "unknown key learningrate; expected one of: name, seed, base"),
        ("[model]\nbase = 'x'\n", "unknown key model"),
        ('epochs = "two"\n', "epochs must be float"),
        ("n_examples = 1.5\n", "n_examples must be int"),
        ("n_examples = true\n", "n_examples must be int"),
        ("negatives = false\n", "negatives must be float"),
        ("base = 3\n", "base must be str"),
        ("mix = 3\n", "mix must be dict"),
        ('[mix]\nirc = "many"\n', "mix.irc must be int"),
        ("epochs = \n", "mine.toml: "),
    ],
)
def test_a_mistake_is_named_with_file_and_key(written, text, complaint):
    with pytest.raises(ConfigError) as error:
        read_config(written(text))

    assert "mine.toml" in str(error.value)
    assert complaint in str(error.value)


@pytest.mark.parametrize("name", ["huge", "no/such/file.toml"])
def test_an_unknown_name_lists_those_there_are(name):
    with pytest.raises(
        ConfigError,
        match=r"no such configuration; there are: chat, chat2, chat3, polish, polish2, small, tiny",
    ):
        read_config(name)
