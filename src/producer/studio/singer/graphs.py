"""The voice model in four pieces, built once from the packaged file.

``text`` tokens, style → durations and what the two halves below read · ``prosody`` → the model's
own pitch and energy · ``decoder`` → the generator's spectrum (its harmonic source and inverse transform are
done in :mod:`producer.studio.singer.speech`) · ``source.npz`` the weights of that source.
"""

from pathlib import Path

import numpy as np

from producer import assets

VERSION = 1  # raise when the pieces change: a new folder is then built
PIECES = ("text.onnx", "prosody.onnx", "decoder.onnx", "source.npz")

_ENCODER = "/encoder/"
_GENERATOR = "/decoder/decoder/generator/"
DURATION = _ENCODER + "Div_output_0"
PROSODY_STATES = _ENCODER + "predictor/text_encoder/Concat_4_output_0"
TEXT_STATES = _ENCODER + "text_encoder/Transpose_2_output_0"
PROSODY_FRAMES = _ENCODER + "MatMul_output_0"
TEXT_FRAMES = _ENCODER + "MatMul_1_output_0"
PITCH = _ENCODER + "Squeeze_output_0"
ENERGY = _ENCODER + "Squeeze_1_output_0"
HARMONICS = _GENERATOR + "Concat_3_output_0"
SPECTRUM = _GENERATOR + "conv_post/Conv_output_0"
_SOURCE_WEIGHT = "onnx::MatMul_6993"
_SOURCE_BIAS = "decoder.decoder.generator.m_source.l_linear.bias"


def ensure() -> Path:
    """Folder with all pieces, built now if they are not there yet.

    Raises
    ------
    AssetError
        The packaged model is missing.
    """
    return assets.derive(f"singer-{VERSION}", "kokoro/model.onnx", PIECES, _build)


def _build(packaged: Path, into: Path) -> None:
    # onnx is only needed here: a process that finds the pieces never loads it
    import onnx

    from producer.studio.singer import surgery

    model = onnx.load(packaged)
    style = surgery.floats("style", [1, 256])
    text_inputs = [surgery.integers("tokens", [1, "T"]), style, surgery.floats("speed", [1])]
    text_outputs = [surgery.floats(name) for name in (DURATION, PROSODY_STATES, TEXT_STATES)]
    onnx.save(surgery.extract(model, text_inputs, text_outputs), into / "text.onnx")
    onnx.save(
        surgery.extract(
            model,
            [surgery.floats(PROSODY_FRAMES, [1, 640, "F"]), style],
            [surgery.floats(PITCH), surgery.floats(ENERGY)],
        ),
        into / "prosody.onnx",
    )
    wiring = surgery.Wiring(model.graph)
    with (into / "source.npz").open("wb") as file:
        np.savez(file, weight=wiring.value(_SOURCE_WEIGHT).ravel(), bias=wiring.value(_SOURCE_BIAS).ravel())
    inputs = [
        surgery.floats(TEXT_FRAMES, [1, 512, "F"]),
        style,
        surgery.floats(PITCH, [1, "F2"]),
        surgery.floats(ENERGY, [1, "F2"]),
        surgery.floats(HARMONICS, [1, 22, "H"]),
    ]
    outputs = [surgery.floats(SPECTRUM)]
    surgery.dequantise(model)
    decoder = surgery.extract(model, inputs, outputs)
    surgery.fuse_snakes(decoder, surgery.fuse_norms(decoder))
    onnx.save(surgery.extract(decoder, inputs, outputs), into / "decoder.onnx")
