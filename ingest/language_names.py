"""Languages by their tags: what sources call a language, and what we call it in English."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TABLE = """
    af afr Afrikaans; am amh Amharic; ar ara,arb Arabic; as asm Assamese; az aze Azerbaijani; ba bak Bashkir
    be bel Belarusian; bg bul Bulgarian; bn ben Bengali; bo bod,tib Tibetan; br bre Breton; bs bos Bosnian
    ca cat Catalan,Valencian; cs ces,cze Czech; cy cym,wel Welsh; da dan Danish; de deu,ger German; el ell,gre Greek
    en eng English; eo epo Esperanto; es spa Spanish,Castilian; et est Estonian; eu eus,baq Basque; fa fas,per Persian
    fi fin Finnish; fo fao Faroese; fr fra,fre French; fy fry Frisian; ga gle Irish; gd gla Gaelic; gl glg Galician
    gu guj Gujarati; ha hau Hausa; haw haw Hawaiian; he heb Hebrew; hi hin Hindi; hr hrv Croatian
    ht hat Haitian_Creole,Haitian; hu hun Hungarian; hy hye,arm Armenian; id ind Indonesian; ig ibo Igbo
    is isl,ice Icelandic; it ita Italian; ja jpn Japanese; jv jav Javanese; ka kat,geo Georgian; kk kaz Kazakh
    km khm Khmer; kn kan Kannada; ko kor Korean; ku kur Kurdish; ky kir Kyrgyz; la lat Latin
    lb ltz Luxembourgish,Letzeburgesch; ln lin Lingala; lo lao Lao; lt lit Lithuanian; lv lav Latvian; mg mlg Malagasy
    mi mri,mao Maori; mk mkd,mac Macedonian; ml mal Malayalam; mn mon Mongolian; mr mar Marathi; ms msa,may Malay
    mt mlt Maltese; my mya,bur Burmese,Myanmar; nb nob Norwegian_Bokmål; ne nep Nepali; nl nld,dut Dutch,Flemish
    nn nno Norwegian_Nynorsk,Nynorsk; no nor Norwegian; oc oci Occitan; om orm Oromo; or ori Odia
    pa pan Punjabi,Panjabi; pl pol Polish; ps pus Pashto,Pushto; pt por Portuguese; qu que Quechua
    ro ron,rum Romanian,Moldavian,Moldovan; ru rus Russian; rw kin Kinyarwanda; sa san Sanskrit; sd snd Sindhi
    si sin Sinhala,Sinhalese; sk slk,slo Slovak; sl slv Slovenian; sn sna Shona; so som Somali; sq sqi,alb Albanian
    sr srp Serbian; su sun Sundanese; sv swe Swedish; sw swa Swahili; ta tam Tamil; te tel Telugu; tg tgk Tajik
    th tha Thai; tk tuk Turkmen; tl tgl,fil Tagalog,Filipino; tr tur Turkish; tt tat Tatar; ug uig Uyghur
    uk ukr Ukrainian; ur urd Urdu; uz uzb Uzbek; vi vie Vietnamese; wo wol Wolof; xh xho Xhosa; yi yid Yiddish
    yo yor Yoruba; yue yue Cantonese; zh zho,chi,cmn Chinese,Mandarin; zu zul Zulu
"""
_ROWS = [row.split() for row in re.split(r"[;\n]", _TABLE) if row.strip()]
_NAMES: dict[str, str] = {code: names.split(",")[0].replace("_", " ") for code, _, names in _ROWS}
_RETIRED = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro"}
"""Codes that ISO 639 gave up; programs still write them."""
_CODES: dict[str, str] = _RETIRED | {
    called.replace("_", " ").casefold(): code
    for code, longer, names in _ROWS
    for called in (code, *longer.split(","), *names.split(","))
}
_SKIPPED = "extraction skipped: the conversation is in "
"""Scripts rely on how this note begins."""
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")
_NOT_ONE = frozenset({"und", "mul", "mis", "zxx"})
"""Well-formed tags that name no language: undetermined, several, uncoded, none."""


def tag(stated: object) -> str | None:
    """The BCP 47 primary tag of a language as a source states it: `de-CH`, `deu` and `German` are all `de`.

    None for what names no language: `auto`, `und`, `multi`, anything that is not a text.
    """
    if not isinstance(stated, str):
        return None
    text = stated.strip()
    if known := _CODES.get(text.casefold()):
        return known
    found = _TAG.fullmatch(text)
    primary = found[1].lower() if found else "und"
    return None if primary in _NOT_ONE else _CODES.get(primary, primary)


def agreed(stated: Iterable[object]) -> str | None:
    """The tag of the one language that is stated of parts of a conversation; None where they name several."""
    named = {one for one in map(tag, stated) if one is not None}
    return named.pop() if len(named) == 1 else None


def english_name(code: str) -> str:
    """What a language is called in English; the tag itself where we know no name."""
    return _NAMES.get(code, code)


def skipped_note(language: str) -> str:
    """The note of a session in which decisions were not looked for."""
    return f"{_SKIPPED}{english_name(language)} ({language})"


def skipped_language(notes: Iterable[str]) -> str | None:
    """The language for which decisions were not looked for, as the notes of a session say: `German (de)`."""
    return next((note.removeprefix(_SKIPPED) for note in notes if note.startswith(_SKIPPED)), None)


def known() -> frozenset[str]:
    """The tags that have a name here."""
    return frozenset(_NAMES)
