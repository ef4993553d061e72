"""The language model against itself: files read right, side by side as alone, sense above nonsense."""

import struct

import numpy as np
import pytest

from producer.errors import AssetError
from producer.lyricist.model import Model, find_model, load_model
from producer.lyricist.model.gguf import GgufFile


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def write_gguf(
    path, tensors: dict[str, tuple[tuple[int, ...], int, bytes]], fields: dict[str, bytes]
) -> None:
    """A GGUF file: tensors as (shape, type, bytes), settings as type and value already packed."""
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(fields))
    for name, packed in fields.items():
        head += text(name) + packed
    offset, body = 0, b""
    for name, (shape, kind, data) in tensors.items():
        head += text(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape[::-1])
        head += struct.pack("<IQ", kind, offset)
        body += data + bytes(-len(data) % 32)
        offset = len(body)
    path.write_bytes(head + bytes(-len(head) % 32) + body)


def test_a_gguf_file_gives_its_settings_and_tensors(tmp_path):
    numbers = bytes(low | (15 - low) << 4 for low in range(16))
    q4_1 = np.array([0.5, -1.0], np.float16).tobytes() + numbers
    q8_0 = np.array([0.25], np.float16).tobytes() + np.arange(-16, 16, dtype=np.int8).tobytes()
    plain = np.array([1.5, -2.0], np.float32).tobytes()
    fields = {
        "a.number": struct.pack("<If", 6, 2.5),
        "a.list": struct.pack("<IIQ", 9, 8, 2) + text("one") + text("two"),
    }
    tensors = {"four": ((1, 32), 3, q4_1), "eight": ((1, 32), 8, q8_0), "plain": ((2,), 0, plain)}
    write_gguf(tmp_path / "m.gguf", tensors, fields)
    found = GgufFile(tmp_path / "m.gguf")
    assert found.fields == {"a.number": 2.5, "a.list": ["one", "two"]}
    expected = np.concatenate([np.arange(16), 15 - np.arange(16)]) * 0.5 - 1.0
    assert np.array_equal(found.read("four"), expected[None].astype(np.float32))
    assert np.array_equal(found.read("eight")[0], np.arange(-16, 16) * np.float32(0.25))
    assert np.array_equal(found.read("plain"), np.array([1.5, -2.0], np.float32))


def test_other_files_and_unknown_types_are_refused(tmp_path):
    (tmp_path / "x.gguf").write_bytes(b"RIFF" + bytes(60))
    with pytest.raises(AssetError, match="no GGUF"):
        GgufFile(tmp_path / "x.gguf")
    write_gguf(tmp_path / "y.gguf", {"odd": ((1, 32), 14, bytes(64))}, {})
    with pytest.raises(AssetError, match="type 14"):
        GgufFile(tmp_path / "y.gguf").read("odd")


@pytest.mark.parametrize(
    "words",
    [
        "The lighthouse keeper's daughter, don't go!\n",
        "  two  spaces 2026",
        "naïve café – 海 🌊",
        "<|im_start|>user\n",
    ],
)
def test_tokens_write_the_text_they_came_from(model, words):
    assert "".join(model.tokenizer.pieces[i] for i in model.tokenizer.encode("plain words")) == "plain words"
    raw = model.tokenizer.encode(words)
    vocabulary = model.weights.vocabulary
    assert all(0 <= number < len(vocabulary) for number in raw)
    if words.isascii():
        assert "".join(model.tokenizer.pieces[i] for i in raw) == words


def test_digits_are_single_tokens_and_chat_marks_too(model):
    assert len(model.tokenizer.encode("1984")) == 4
    assert len(model.tokenizer.encode("<|im_end|>")) == 1


def test_side_by_side_is_as_alone_and_in_two_goes_as_in_one(model):
    encode = model.tokenizer.encode
    prefix = model.llama.read(encode("The old sailor looked at"))
    rows = [encode(" the sea and sang"), encode(" me"), encode(" a very long list of things to do today")]
    together = model.llama.weigh(rows, prefix)
    for row, reading in zip(rows, together, strict=True):
        alone = model.llama.weigh([row], prefix)[0]
        np.testing.assert_allclose(reading.log_probabilities, alone.log_probabilities, atol=2e-3)
        np.testing.assert_allclose(reading.after.state, model.llama.read(row, prefix).state, atol=2e-3)
        assert reading.after.tokens == prefix.tokens + len(row)


def test_sense_is_likelier_than_nonsense(model):
    encode = model.tokenizer.encode
    prefix = model.llama.read(encode("The sailor went down to the"))
    sea, verb = model.llama.weigh([encode(" sea"), encode(" therefore")], prefix)
    assert sea.log_probabilities[0] > verb.log_probabilities[0] + 3.0
    right, wrong = model.llama.weigh([encode(" harbor and waited"), encode(" waited and harbor")], prefix)
    assert right.log_probabilities.sum() > wrong.log_probabilities.sum()


def test_the_encoder_puts_like_beside_like(model):
    embed = model.encoder.embed
    boat, ship, tax = embed("a boat on the water"), embed("ships at sea"), embed("filing a tax return")
    assert boat @ ship > boat @ tax + 0.2
    assert np.linalg.norm(boat) == pytest.approx(1.0, abs=1e-5)
    assert np.array_equal(boat, embed("a boat on the water"))


def test_a_machine_without_the_model_is_told_so_once(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("PRODUCER_ASSETS_DIR", str(tmp_path))
    find_model.cache_clear()
    load_model.cache_clear()
    try:
        assert find_model() is None
        assert find_model() is None
        assert [record.message for record in caplog.records].count(caplog.records[0].message) == 1
        assert "language model is missing" in caplog.records[0].message
    finally:
        find_model.cache_clear()
        load_model.cache_clear()
