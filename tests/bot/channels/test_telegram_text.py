from bot.channels.telegram_text import scrub, split, units


def test_units_are_utf16_units() -> None:
    assert [units(text) for text in ("abc", "厨房", "😡", "")] == [3, 2, 2, 0]


def test_what_cannot_be_encoded_is_taken_out() -> None:
    assert scrub("油\x00污\ud83d还在\udc00") == "油污还在"


def test_a_text_that_fits_stays_whole() -> None:
    assert split("字" * 4096, 4096) == ["字" * 4096]


def test_pieces_end_at_paragraphs_before_lines_before_sentences() -> None:
    assert split("一二三四。\n五六\n\n七八九", 10) == ["一二三四。\n五六", "七八九"]
    assert split("一二三四五。\n七八九十一二三", 10) == ["一二三四五。", "七八九十一二三"]
    assert split("一二三四五六。八九十一二三", 10) == ["一二三四五六。", "八九十一二三"]


def test_a_text_without_boundaries_is_cut_hard_but_no_emoji_is_broken() -> None:
    pieces = split("😡" * 4096, 4096)
    assert [units(piece) for piece in pieces] == [4096, 4096]
    family = "👨‍👩‍👧"
    assert all(piece.replace(family, "") == "" for piece in split(family * 40, 50))


def test_nothing_is_lost_and_nothing_is_blank() -> None:
    text = "第一句。第二句！\n\n\n" * 900
    pieces = split(text, 4096)
    assert "".join(pieces).replace("\n", "") == text.replace("\n", "")
    assert all(piece.strip() and units(piece) <= 4096 for piece in pieces)
    assert split(" \n ", 10) == []
