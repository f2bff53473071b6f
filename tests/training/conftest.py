"""What the workshop's tests share: a tokenizer, a random encoder of some kilobytes, and examples by hand."""

import re
from collections import Counter
from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from piiguard.examples import Example
from piiguard.spans import Span

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def word_pieces(words: list[str]) -> Tokenizer:
    """A lower-casing WordPiece that knows ``words`` whole and spells all others in printable ASCII."""
    letters = [chr(code) for code in range(33, 127)]
    entries = dict.fromkeys([*_SPECIAL, *letters, *(f"##{c}" for c in letters), *words])
    vocabulary = {entry: number for number, entry in enumerate(entries)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(
        ("[SEP]", vocabulary["[SEP]"]), ("[CLS]", vocabulary["[CLS]"])
    )
    return tokenizer


@pytest.fixture(scope="session")
def carrier_tokenizer() -> Tokenizer:
    """WordPiece with the commonest words of the carriers."""
    from training.template import TEMPLATES

    counts: Counter[str] = Counter()
    for path in sorted(TEMPLATES.glob("messages/*.txt")):
        counts.update(re.findall(r"[a-z]+", path.read_text(encoding="utf-8").lower()))
    return word_pieces([word for word, _ in counts.most_common(600)])


@pytest.fixture(scope="session")
def tiny_base(carrier_tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained BERT of two narrow layers, in the files a base encoder has: two token types, no classifier."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("base")
    BertTokenizerFast(tokenizer_object=carrier_tokenizer, do_lower_case=True).save_pretrained(
        str(folder)
    )
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=carrier_tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    BertModel(config).save_pretrained(str(folder))
    return folder


@pytest.fixture(scope="session")
def labelled():  # type: ignore[no-untyped-def]
    """Makes an Example whose spans are the first occurrences of its values, (text, label), in order."""

    def make(text: str, *values: tuple[str, str], **fields: object) -> Example:
        spans, at = [], 0
        for value, label in values:
            start = text.index(value, at)
            at = start + len(value)
            spans.append(Span(start, at, label))
        return Example(**{"id": "1", "text": text, "spans": tuple(spans), "group": "g", **fields})  # type: ignore[arg-type]

    return make
