"""OnnxDetector: the model of a model directory, run by onnxruntime on the CPU."""

import json
from collections.abc import Iterator, Sequence

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from piiguard.bio import decode_bio
from piiguard.boundaries import snap
from piiguard.encoding import N_TYPES, Encoder, FloatArray, Window, pad, stitch
from piiguard.errors import ModelError
from piiguard.labels import TAGS
from piiguard.messages import Message
from piiguard.model_dir import ONNX_FILE, Manifest
from piiguard.spans import Span, merge_spans


class OnnxDetector:
    """Detects by the model. Spans carry ``source`` "model".

    Args:
        manifest: of a checked model directory.
        threads: that one run may use; 0 leaves it to onnxruntime.
        thresholds: per label, in place of the manifest's.

    Raises ModelError when the graph does not fit the labels or this encoder.
    """

    name = "model"

    def __init__(
        self,
        manifest: Manifest,
        *,
        threads: int = 0,
        thresholds: dict[str, float] | None = None,
        file: str = ONNX_FILE,
    ) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3  # warnings name internal nodes: of no use to anybody here
        try:
            self._session = onnxruntime.InferenceSession(
                str(manifest.path / file), options, providers=["CPUExecutionProvider"]
            )
            tokenizer = Tokenizer.from_file(str(manifest.path / "tokenizer.json"))
        except Exception as error:  # both libraries raise bare Exceptions
            raise ModelError(
                f"{manifest.path}: cannot be opened ({type(error).__name__})"
            ) from error
        n_tags = self._session.get_outputs()[0].shape[-1]
        if n_tags != len(TAGS):
            raise ModelError(f"{manifest.path}: {file} has {n_tags} tags, expected {len(TAGS)}")
        self._encoder = Encoder(tokenizer, **manifest.encoder)
        _check_types(manifest)
        self._inputs = {entry.name for entry in self._session.get_inputs()}
        self._temperature = manifest.calibration.get("temperature", 1.0)
        self._thresholds = dict(manifest.thresholds if thresholds is None else thresholds)

    def detect_batch(self, messages: Sequence[Message]) -> list[list[Span]]:
        windows = [self._encoder.encode(message.text, message.context) for message in messages]
        probs = self._run([window for group in windows for window in group])
        results: list[list[Span]] = []
        for message, group in zip(messages, windows, strict=True):
            if not group:
                results.append([])
                continue
            rows, offsets = stitch(group, [next(probs) for _ in group])
            found = decode_bio(rows, offsets, TAGS, self._thresholds)
            # A long span may begin above its threshold and be doubtful as a whole.
            sure = (s for s in found if s.score >= self._thresholds.get(s.label, 0.5))
            snapped = (snap(span, message.text) for span in sure)
            results.append(merge_spans(span for span in snapped if span))
        return results

    def probabilities(self, windows: Sequence[Window]) -> list[FloatArray]:
        """For each window, (tokens, tags): what ``decode_bio`` takes, special and context tokens included."""
        return list(self._run(windows))

    def _run(self, windows: Sequence[Window]) -> Iterator[FloatArray]:
        # One window a run. int8 activations share one scale over a batch, so a message's answer would depend on the
        # messages it happens to be judged with (docs/decisions/0005).
        for window in windows:
            inputs = pad([window])
            logits = self._session.run(
                None, {name: array for name, array in inputs.items() if name in self._inputs}
            )[0]
            yield _softmax(logits[0] / self._temperature)


def _check_types(manifest: Manifest) -> None:
    """A model that was trained with other token types would answer, and wrongly."""
    file = manifest.path / "config.json"
    config = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    found = config.get("type_vocab_size", N_TYPES)
    if found != N_TYPES:
        raise ModelError(
            f"{manifest.path}: made for {found} types of words, expected {N_TYPES}; "
            "take a model of this version or train one"
        )


def _softmax(logits: FloatArray) -> FloatArray:
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: FloatArray = shifted / shifted.sum(axis=-1, keepdims=True)
    return result
