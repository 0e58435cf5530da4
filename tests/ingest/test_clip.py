"""Seconds cut out of a recording."""

from pathlib import Path

import av
import numpy as np
import pytest

from ingest.clip import FORMATS, cut
from ingest.errors import SourceMalformed, SourceMissing
from ingest.hearing import SAMPLE_RATE
from tests.sound import Samples, write


def tone(hertz: float, start_s: float, end_s: float, length_s: float) -> Samples:
    """Silence but for one tone between two moments."""
    at = np.arange(int(length_s * SAMPLE_RATE)) / SAMPLE_RATE
    return np.where((at >= start_s) & (at < end_s), 0.5 * np.sin(2 * np.pi * hertz * at), 0).astype(np.float32)


def heard(path: Path) -> tuple[np.ndarray, int]:
    """(channels, samples) and the samples a second."""
    with av.open(str(path)) as container:
        rate = container.streams.audio[0].rate
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=rate)
        frames = [made for frame in container.decode(audio=0) for made in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1), rate


@pytest.mark.parametrize("ending", sorted(FORMATS))
def test_a_clip_holds_the_seconds_asked_for_in_every_format(tmp_path: Path, ending: str) -> None:
    source = write(tmp_path / "long.wav", [[tone(440, 5, 6, 10)]])
    clip = cut(source, 4_500, 6_500, tmp_path / f"clip{ending}")
    sound, rate = heard(tmp_path / f"clip{ending}")
    assert (clip.start_ms, clip.end_ms) == (4_500, 6_500)
    assert abs(sound.shape[1] / rate - 2.0) < 0.15  # some encoders fill up their last frame
    loud = np.abs(sound[0]).reshape(-1)[: 2 * rate]
    middle, edges = loud[int(0.7 * rate) : int(1.3 * rate)], loud[: int(0.3 * rate)]
    assert middle.max() > 0.2
    assert edges.max() < 0.05


@pytest.mark.parametrize(("name", "codec"), [("a.mp3", "libmp3lame"), ("a.m4a", "aac"), ("a.ogg", "libopus")])
def test_the_place_is_right_in_files_that_are_decoded_from_a_jump(tmp_path: Path, name: str, codec: str) -> None:
    rate = 48_000 if codec == "libopus" else SAMPLE_RATE
    source = write(tmp_path / name, [[tone(440, 50, 50.5, 60)]], codec=codec, rate=rate)
    cut(source, 49_000, 52_000, tmp_path / "clip.wav")
    sound, out_rate = heard(tmp_path / "clip.wav")
    first = np.argmax(np.abs(sound[0]) > 0.1) / out_rate
    assert abs(first - 1.0) < 0.06


def test_all_tracks_are_heard_together(tmp_path: Path) -> None:
    source = write(tmp_path / "two.mka", [[tone(440, 0, 1, 3)], [tone(880, 1, 2, 3)]], codec="flac")
    cut(source, 0, 3_000, tmp_path / "clip.wav")
    sound, rate = heard(tmp_path / "clip.wav")
    loudest = [np.abs(sound[0][at * rate : (at + 1) * rate]).max() for at in range(3)]
    assert loudest[0] > 0.3
    assert loudest[1] > 0.3
    assert loudest[2] < 0.01


def test_a_clip_ends_where_the_recording_does(tmp_path: Path) -> None:
    source = write(tmp_path / "short.wav", [[tone(440, 0, 2, 2)]])
    assert cut(source, 1_000, 9_000, tmp_path / "clip.wav").end_ms == 2_000


def test_nothing_can_be_cut_after_the_end(tmp_path: Path) -> None:
    source = write(tmp_path / "short.wav", [[tone(440, 0, 2, 2)]])
    with pytest.raises(SourceMalformed, match="5000 ms"):
        cut(source, 5_000, 6_000, tmp_path / "clip.wav")


def test_what_is_no_recording_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "talk.wav").write_text("Mara: hello\n", encoding="utf-8")
    with pytest.raises(SourceMalformed, match=r"talk\.wav"):
        cut(tmp_path / "talk.wav", 0, 1_000, tmp_path / "clip.wav")
    with pytest.raises(SourceMissing):
        cut(tmp_path / "gone.wav", 0, 1_000, tmp_path / "clip.wav")


@pytest.mark.parametrize("ending", sorted(FORMATS))
def test_a_recording_of_a_rate_that_the_format_does_not_have_is_cut_all_the_same(tmp_path: Path, ending: str) -> None:
    source = write(tmp_path / "long.flac", [[tone(440, 1, 2, 3)]], codec="flac", rate=96_000)
    clip = cut(source, 500, 2_500, tmp_path / f"clip{ending}")
    sound, rate = heard(tmp_path / f"clip{ending}")
    assert (clip.start_ms, clip.end_ms) == (500, 2_500)
    assert abs(sound.shape[1] / rate - 2.0) < 0.15


def test_a_colon_in_a_name_is_no_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "long.wav", [[tone(440, 1, 2, 3)]]).rename("standup-10:30.wav")
    cut(Path("standup-10:30.wav"), 500, 2_500, Path("clip-10:31.wav"))
    assert heard(tmp_path / "clip-10:31.wav")[0].shape[1] == 2 * SAMPLE_RATE


def test_a_playlist_is_no_recording(tmp_path: Path) -> None:
    write(tmp_path / "secret.mp3", [[tone(440, 1, 2, 3)]], codec="libmp3lame")
    (tmp_path / "list.m3u8").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nsecret.mp3\n#EXT-X-ENDLIST\n")
    with pytest.raises(SourceMalformed, match="begins like no sound"):
        cut(tmp_path / "list.m3u8", 500, 2_500, tmp_path / "clip.wav")
