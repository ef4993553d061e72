"""Exact rewrites of the packaged voice model's graph: same numbers, fewer passes over them.

The packaged file stores convolutions and products as dynamically quantised integers, which is slow
and noisy at run time. Here they become float again (the integer weights stay integers on disk), the
adaptive instance norms become one operator each, and the snake activations lose a power and a division.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Array = NDArray[Any]
Port = tuple[str, int, list[int | str | None] | None]


def floats(name: str, shape: list[int | str | None] | None = None) -> Port:
    """A float32 input or output of a graph."""
    return (name, TensorProto.FLOAT, shape)


def integers(name: str, shape: list[int | str | None] | None = None) -> Port:
    """An int64 input or output of a graph."""
    return (name, TensorProto.INT64, shape)


class Wiring:
    """Who makes and who reads each tensor of a graph."""

    def __init__(self, graph: Any) -> None:
        self.graph = graph
        self.maker = {out: node for node in graph.node for out in node.output}
        self.readers: dict[str, list[Any]] = {}
        for node in graph.node:
            for name in node.input:
                self.readers.setdefault(name, []).append(node)
        self.stored = {tensor.name: tensor for tensor in graph.initializer}

    def only_reader(self, name: str) -> Any:
        """The single node that reads a tensor."""
        (node,) = self.readers[name]
        return node

    def other_input(self, node: Any, name: str) -> str:
        """The input of a two-input node that is not `name`."""
        (other,) = (entry for entry in node.input if entry != name)
        return str(other)

    def is_op(self, name: str, op: str) -> bool:
        """Whether a tensor is made by an operator of this type."""
        node = self.maker.get(name)
        return node is not None and node.op_type == op

    def value(self, name: str) -> Array:
        """A stored tensor, or what a chain of operators on stored tensors makes of it."""
        if name in self.stored:
            return numpy_helper.to_array(self.stored[name])
        node = self.maker[name]
        inputs = [self.value(entry) for entry in node.input]
        match node.op_type:
            case "Cast":
                return inputs[0].astype(np.float32)
            case "Sub":
                return np.asarray(inputs[0] - inputs[1])
            case "Mul":
                return np.asarray(inputs[0] * inputs[1])
        raise ValueError(f"{name} is not a constant: {node.op_type}")


def extract(model: Any, inputs: Iterable[Port], outputs: Iterable[Port]) -> Any:
    """The part of a model that leads from `inputs` to `outputs`; inputs it does not need are left out."""
    inputs, outputs = list(inputs), list(outputs)
    wiring = Wiring(model.graph)
    stop = {name for name, _, _ in inputs}
    needed: set[int] = set()
    pending = [name for name, _, _ in outputs]
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name in seen or name in stop:
            continue
        seen.add(name)
        if name in wiring.maker:
            needed.add(id(wiring.maker[name]))
            pending += [entry for entry in wiring.maker[name].input if entry]
    nodes = _in_order([node for node in model.graph.node if id(node) in needed], seen | stop, wiring)
    used = {name for node in nodes for name in node.input}
    graph = helper.make_graph(
        nodes,
        "singer",
        [helper.make_tensor_value_info(*port) for port in inputs if port[0] in used],
        [helper.make_tensor_value_info(*port) for port in outputs],
        [t for t in model.graph.initializer if t.name in used and t.name not in stop],
    )
    opset = [entry for entry in model.opset_import if entry.domain in ("", "com.microsoft")]
    return helper.make_model(graph, opset_imports=opset, ir_version=model.ir_version)


def _in_order(nodes: list[Any], names: set[str], wiring: Wiring) -> list[Any]:
    """Topological order: a node comes after those that make its inputs."""
    waiting_for = {out for node in nodes for out in node.output}
    ordered: list[Any] = []
    while nodes:
        late = []
        for node in nodes:
            if any(name in waiting_for for name in node.input):
                late.append(node)
                continue
            ordered.append(node)
            waiting_for.difference_update(node.output)
        if len(late) == len(nodes):
            raise ValueError(f"the graph has a cycle at {late[0].name}")
        nodes = late
    return ordered


def dequantise(model: Any) -> None:
    """Turn every quantised product or convolution into its float form, in place.

    ``DynamicQuantizeLinear → ConvInteger|MatMulInteger → (Add bias) → Cast → Mul scale`` becomes
    ``Conv|MatMul`` on a weight ``(integer − zero point) · scale`` that the runtime folds when it loads.
    """
    graph = model.graph
    wiring = Wiring(graph)
    replaced: dict[int, Any] = {}
    dropped: set[int] = set()
    weights: dict[str, list[Any]] = {}
    for node in graph.node:
        if node.op_type not in ("ConvInteger", "MatMulInteger"):
            continue
        chain, bias = _integer_chain(wiring, node)
        scale_of_both = wiring.maker[wiring.other_input(chain[-1], chain[-2].output[0])]
        scale = wiring.other_input(scale_of_both, wiring.maker[node.input[0]].output[1])
        weight = _float_weight(wiring, node, scale, weights)
        inputs = [wiring.maker[node.input[0]].input[0], weight, *([bias] if bias else [])]
        replaced[id(chain[-1])] = _float_node(node, inputs, chain[-1].output[0])
        dropped.update(id(entry) for entry in chain)
    made = [entry for group in weights.values() for entry in group]
    rest = [replaced.get(id(n), n) for n in graph.node if id(n) in replaced or id(n) not in dropped]
    del graph.node[:]
    graph.node.extend(made + rest)
    del graph.value_info[:]


def _integer_chain(wiring: Wiring, node: Any) -> tuple[list[Any], str | None]:
    """Nodes from an integer product to its rescaled float result, and the float bias added inside."""
    chain, bias = [node], None
    reader = wiring.only_reader(node.output[0])
    if reader.op_type == "Add":
        # the float bias was divided by the scales, floored and cast before it was added
        cast = wiring.maker[wiring.maker[wiring.other_input(reader, node.output[0])].input[0]]
        divide = wiring.maker[wiring.maker[cast.input[0]].input[0]]
        bias = str(divide.input[0])
        chain.append(reader)
        reader = wiring.only_reader(reader.output[0])
    assert reader.op_type == "Cast", reader.op_type
    rescale = wiring.only_reader(reader.output[0])
    assert rescale.op_type == "Mul", rescale.op_type
    return [*chain, reader, rescale], bias


def _float_weight(wiring: Wiring, node: Any, scale: str, made: dict[str, list[Any]]) -> str:
    name = f"{node.input[1]}_float"
    if name in made:
        return name
    dimensions = wiring.value(node.input[1]).ndim
    zero, factor = wiring.value(node.input[3]).astype(np.float32), wiring.value(scale).astype(np.float32)
    if node.op_type == "ConvInteger":
        zero, factor = (v.reshape(-1, *[1] * (dimensions - 1)) if v.size > 1 else v for v in (zero, factor))
    wiring.graph.initializer.extend(
        [numpy_helper.from_array(zero, name + "_zero"), numpy_helper.from_array(factor, name + "_scale")]
    )
    made[name] = [
        helper.make_node("Cast", [node.input[1]], [name + "_cast"], to=TensorProto.FLOAT),
        helper.make_node("Sub", [name + "_cast", name + "_zero"], [name + "_centred"]),
        helper.make_node("Mul", [name + "_centred", name + "_scale"], [name]),
    ]
    return name


def _float_node(node: Any, inputs: list[str], output: str) -> Any:
    if node.op_type == "MatMulInteger":
        return helper.make_node("MatMul", inputs, [output], name=node.name)
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute if a.name != "auto_pad"}
    return helper.make_node("Conv", inputs, [output], name=node.name, **attributes)


def fuse_norms(model: Any) -> dict[str, tuple[str, str]]:
    """Write each adaptive instance norm as one InstanceNormalization, in place.

    ``γ·(x − mean)/√(variance + ε) + β`` with γ, β from the style vector.

    Returns
    -------
    dict
        Output of each norm → names of its scale and bias vectors.
    """
    graph = model.graph
    wiring = Wiring(graph)
    graph.initializer.append(numpy_helper.from_array(np.array([-1], np.int64), "flat"))
    replaced: dict[int, list[Any]] = {}
    norms: dict[str, tuple[str, str]] = {}
    for divide in graph.node:
        if divide.op_type != "Div" or not _is_norm(wiring, divide):
            continue
        source = wiring.maker[divide.input[0]].input[0]
        epsilon = _epsilon(wiring, divide)
        for times in wiring.readers[divide.output[0]]:
            plus = wiring.only_reader(times.output[0])
            out = plus.output[0]
            scale, bias = out + "_scale", out + "_bias"
            gamma = wiring.other_input(times, divide.output[0])
            beta = wiring.other_input(plus, times.output[0])
            replaced[id(plus)] = [
                helper.make_node("Reshape", [gamma, "flat"], [scale], name=scale),
                helper.make_node("Reshape", [beta, "flat"], [bias], name=bias),
                helper.make_node("InstanceNormalization", [source, scale, bias], [out], epsilon=epsilon),
            ]
            norms[out] = (scale, bias)
    nodes = [entry for node in graph.node for entry in replaced.get(id(node), [node])]
    del graph.node[:]
    graph.node.extend(nodes)
    return norms


def _is_norm(wiring: Wiring, divide: Any) -> bool:
    if not (wiring.is_op(divide.input[0], "Sub") and wiring.is_op(divide.input[1], "Sqrt")):
        return False
    return wiring.is_op(wiring.maker[divide.input[0]].input[1], "ReduceMean")


def _epsilon(wiring: Wiring, divide: Any) -> float:
    plus = wiring.maker[wiring.maker[divide.input[1]].input[0]]
    (value,) = (wiring.value(name) for name in plus.input if name in wiring.stored)
    return float(value)


def fuse_snakes(model: Any, norms: Mapping[str, tuple[str, str]]) -> None:
    """Write each snake ``x + sin²(a·x)/a`` after a norm as ``v + (1 − cos v)``, v = 2a·x, in place.

    The factor 2a goes into the norm before it, 1/(2a) into the convolution behind it. The 1 stays
    where it is: moved into the convolution's bias it would miss the zero padding at both ends.
    Snake: Ziyin et al. 2020, "Neural Networks Fail to Learn Periodic Functions".
    """
    graph = model.graph
    wiring = Wiring(graph)
    graph.initializer.append(numpy_helper.from_array(np.ones(1, np.float32), "one"))
    replaced: dict[int, list[Any]] = {}
    for sine in [node for node in graph.node if node.op_type == "Sin"]:
        times = wiring.maker[sine.input[0]]
        normed = [name for name in times.input if name in norms]
        if not normed:
            continue
        power = wiring.only_reader(sine.output[0])
        total = wiring.only_reader(wiring.only_reader(power.output[0]).output[0])
        conv = wiring.only_reader(total.output[0])
        double = 2.0 * wiring.value(wiring.other_input(times, normed[0])).reshape(-1).astype(np.float32)
        weight = wiring.value(conv.input[1]) / double[None, :, None]
        graph.initializer.append(numpy_helper.from_array(weight.astype(np.float32), conv.name + "_weight"))
        conv.input[1] = conv.name + "_weight"
        _scale_norm(graph, wiring, norms[normed[0]], double, replaced)
        out = sine.output[0]
        replaced[id(total)] = [
            helper.make_node("Cos", [normed[0]], [out + "_cos"]),
            helper.make_node("Sub", ["one", out + "_cos"], [out + "_rest"]),
            helper.make_node("Add", [normed[0], out + "_rest"], list(total.output)),
        ]
    nodes = [entry for node in graph.node for entry in replaced.get(id(node), [node])]
    del graph.node[:]
    graph.node.extend(nodes)


def _scale_norm(
    graph: Any, wiring: Wiring, vectors: tuple[str, str], factor: Array, replaced: dict[int, list[Any]]
) -> None:
    """Multiply a norm's scale and bias vectors by a constant vector."""
    graph.initializer.append(numpy_helper.from_array(factor, vectors[0] + "_factor"))
    for name in vectors:
        reshape = wiring.maker[name]
        reshape.output[0] = name + "_plain"
        times = helper.make_node("Mul", [name + "_plain", vectors[0] + "_factor"], [name])
        replaced[id(reshape)] = [reshape, times]
