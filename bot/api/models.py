"""Models by the API: which one is in use, which others stand beside it, and how well each was measured. Read only."""

from bot.api.operations import Call, Operation
from bot.api.shapes import Shape
from bot.model_reports import ModelInfo
from bot.models_switch import switch_of


class MeasureShape(Shape):
    """A measured number with its 95 % interval, where there is one."""

    value: float
    low: float | None
    high: float | None


class ModelShape(Shape):
    """A model directory. ``problem`` says why it cannot be used. ``measures`` are of the set ``measured_on``."""

    name: str
    is_current: bool
    problem: str
    sha256: str
    size_bytes: int
    measured_on: str
    n_messages: int
    measures: dict[str, MeasureShape]


class ModelList(Shape):
    """``current`` is the model in use; "rules" where there is none."""

    current: str
    models: tuple[ModelShape, ...]


def list_models(call: Call) -> ModelList:
    """All models that this process can see."""
    parts = call.parts
    switch = switch_of(parts.config, parts.store)
    found = switch.models() if switch else []
    return ModelList(
        current=parts.guard.name,
        models=tuple(_model(one, is_current=one.name == parts.guard.name) for one in found),
    )


def _model(info: ModelInfo, *, is_current: bool) -> ModelShape:
    main = info.main
    return ModelShape(
        name=info.name,
        is_current=is_current,
        problem=info.problem,
        sha256=info.sha256,
        size_bytes=info.size_bytes,
        measured_on=main.name if main else "",
        n_messages=main.n_messages if main else 0,
        measures={
            name: MeasureShape(value=one.value, low=one.low, high=one.high)
            for name, one in (main.measures if main else {}).items()
        },
    )


OPERATIONS = (
    Operation(
        "list_models", "GET", "/api/v1/models", "Models, the one in use, and their measurements",
        "read", list_models, ModelList,
        # each directory is verified against its manifest
        cost=10.0,
    ),
)  # fmt: skip
