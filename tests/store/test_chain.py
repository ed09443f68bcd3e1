"""The format of the history chain, pinned: records written today must verify in ten years."""

import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from bot.store import chain
from bot.store.plain import to_text

KEY = bytes(range(32))
SALT = "000102030405060708090a0b0c0d0e0f"
DETAIL = to_text({"task": "K7Q2:skin_exam:1:1", "note": "CO₂"})
FIRST = chain.Line(
    code="K7Q2",
    seq=1,
    at=datetime(2027, 1, 4, 9, 30, tzinfo=UTC),
    kind="opened",
    by="jo",
    content_digest=chain.content_digest(SALT, DETAIL),
)
SECOND = replace(FIRST, seq=2, kind="answered")


def test_the_format_is_the_one_that_was_written_down_first() -> None:
    first = chain.link(KEY, chain.NOTHING, FIRST)
    second = chain.link(KEY, first, SECOND)
    head = chain.head(KEY, chain.head(KEY, chain.NOTHING, first), second)
    heads = to_text([["K7Q2", 2, second]])
    seal = chain.Seal(seq=1, at=FIRST.at, lines=2, heads_digest=chain.heads_digest(heads))

    assert DETAIL == '{"note":"CO\\u2082","task":"K7Q2:skin_exam:1:1"}'
    assert FIRST.content_digest == "4b39cab379a2d47dbe6ef2b3f8e83a244782f9fd2563781e65433ee60510c2e6"
    assert first == "c69d6827957def95c26be6f8d50c6f9eb193406853bec0b97db7c77368d2ab2e"
    assert second == "2d35402db80beb788dfb0fc478e7c410cee8d689f9dd75c386dad5bf32292553"
    assert head == "065f850f7c74dfd6050411b1901a86544a009b7c5d53f83bf30ccf2cdc0071c1"
    assert (
        chain.seal_link(KEY, chain.NOTHING, seal)
        == "3bf7f48def05d7c722d4f8ff11ffaee2bc6a495874a04a7f6dbf6148bf493c75"
    )
    assert chain.proof(KEY) == "4231f9a6589bf4551816710032b5ded41e100107b3cc17c621470a34de3b01c8"


def test_the_format_is_what_its_docstring_says() -> None:
    def packed(*parts: bytes) -> bytes:
        return b"".join(len(part).to_bytes(8, "big") + part for part in parts)

    digest = sha256(bytes.fromhex(SALT) + DETAIL.encode()).digest()
    at = b"2027-01-04T09:30:00.000000+00:00"
    message = packed(b"bookend history 1", b"", b"K7Q2", b"1", at, b"opened", b"jo", digest)

    assert chain.link(KEY, "", FIRST) == hmac.new(KEY, message, sha256).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        {"code": "K7Q3"},
        {"seq": 3},
        {"at": FIRST.at + timedelta(microseconds=1)},
        {"kind": "answere"},
        {"by": "djo"},
        {"kind": "openedj", "by": "o"},
        {"content_digest": "00" * 32},
    ],
)
def test_every_part_of_a_line_is_in_its_link(change: dict[str, object]) -> None:
    assert chain.link(KEY, "", replace(FIRST, **change)) != chain.link(KEY, "", FIRST)


def test_the_key_and_the_line_before_are_in_the_link() -> None:
    links = {chain.link(key, before, FIRST) for key in (KEY, KEY[:-1]) for before in ("", "00" * 32)}

    assert len(links) == 4


def test_an_instant_is_the_same_in_every_zone_and_a_naive_one_is_refused() -> None:
    noon = timezone(timedelta(hours=2, minutes=30))

    assert chain.moment(FIRST.at.astimezone(noon)) == "2027-01-04T09:30:00.000000+00:00"
    with pytest.raises(ValueError, match="naive"):
        chain.moment(datetime(2027, 1, 4))
