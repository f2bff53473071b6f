"""fp32 ONNX -> int8: weights in blocks of 64, word embeddings row by row.

Activations are quantized by onnxruntime as it runs, each token in blocks of its own: one loud token costs its
neighbours no precision, and a message's answer does not depend on what else is in the batch (docs/decisions/0006).
"""

import logging
from pathlib import Path

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper
from onnxruntime.quantization.matmul_nbits_quantizer import (
    DefaultWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)

_BLOCK = 64
#: onnxruntime's name for: multiply in int8, activations quantized by block.
_INT8_ACTIVATIONS = 4
#: Tables shorter than this (token types) stay in fp32: they weigh nothing.
_LARGE = 256


def quantize(fp32: Path, target: Path) -> None:
    """Write the int8 form of ``fp32`` to ``target``; the graph's inputs and outputs keep names and types."""
    logging.getLogger("onnxruntime.quantization.matmul_nbits_quantizer").setLevel(logging.WARNING)
    model = onnx.load(str(fp32))
    # The exporter's shape annotations contradict what is inserted here; onnxruntime infers its own.
    del model.graph.value_info[:]
    _quantize_embeddings(model.graph)
    config = DefaultWeightOnlyQuantConfig(
        block_size=_BLOCK, is_symmetric=True, accuracy_level=_INT8_ACTIVATIONS, bits=8
    )
    quantizer = MatMulNBitsQuantizer(model, algo_config=config)
    quantizer.process()
    quantizer.model.save_model_to_file(str(target), False)


def _quantize_embeddings(graph: onnx.GraphProto) -> None:
    """Look up int8 rows and multiply each by its own scale, in place of every large table of floats."""
    tables = {tensor.name: tensor for tensor in graph.initializer if tensor.dims}
    nodes: list[NodeProto] = []
    for node in graph.node:
        table = tables.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or len(table.dims) != 2 or table.dims[0] < _LARGE:
            nodes.append(node)
            continue
        rows = numpy_helper.to_array(table)
        scales = np.abs(rows).max(axis=1, keepdims=True).astype(np.float32) / 127
        scales[scales == 0] = 1
        quantized = np.round(rows / scales).astype(np.int8)
        name, (out,) = table.name, node.output
        graph.initializer.remove(table)
        graph.initializer.extend(
            [
                numpy_helper.from_array(quantized, f"{name}_int8"),
                numpy_helper.from_array(scales, f"{name}_scale"),
            ]
        )
        ids = node.input[1]
        nodes += [
            helper.make_node("Gather", [f"{name}_int8", ids], [f"{out}_int8"]),
            helper.make_node("Cast", [f"{out}_int8"], [f"{out}_float"], to=TensorProto.FLOAT),
            helper.make_node("Gather", [f"{name}_scale", ids], [f"{out}_scale"]),
            helper.make_node("Mul", [f"{out}_float", f"{out}_scale"], [out]),
        ]
    del graph.node[:]
    graph.node.extend(nodes)
