"""Secrets that look real, one maker a format; none was ever issued. Assembled from parts, so that no scanner trips."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random

_DIGITS = "0123456789"
_HEX = _DIGITS + "abcdef"
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALNUM = _UPPER + _UPPER.lower() + _DIGITS
_URL = _ALNUM + "-_"
_BASE64 = _ALNUM + "+/"

Maker = Callable[[Random], str]


def drawn(random: Random, alphabet: str, length: int) -> str:
    """Characters of an alphabet, with a digit and both cases of letters as far as the alphabet has them."""
    while True:
        word = "".join(random.choices(alphabet, k=length))
        if any(c.isdigit() for c in word) and any(c.isalpha() for c in word) and word[-1].isalnum():
            return word


def _after(prefix: str, alphabet: str, shortest: int, longest: int | None = None) -> Maker:
    return lambda random: prefix + drawn(random, alphabet, random.randint(shortest, longest or shortest))


def _json_web_token(random: Random) -> str:
    return "eyJ" + ".".join(drawn(random, _URL, random.randint(20, 60)) for _ in range(3))


MAKERS: Mapping[str, tuple[Maker, ...]] = {
    "github-token": (
        _after("github" + "_pat_", _ALNUM + "_", 22, 82),
        *(_after(f"gh{kind}_", _ALNUM, 36, 40) for kind in "pousr"),
    ),
    "gitlab-token": tuple(_after(f"gl{kind}-", _URL, 20, 30) for kind in ("pat", "dt", "rt", "ft", "soat", "cbt")),
    "json-web-token": (_json_web_token,),
    "anthropic-key": (_after("sk-" + "ant-api03-", _URL, 40, 95),),
    "openai-token": (
        *(_after(f"sk-{kind}-", _URL, 40, 60) for kind in ("proj", "svcacct", "admin")),
        _after("sk-", _ALNUM, 40, 48),
    ),
    "openrouter-key": (_after("sk-or-v1-", _HEX, 64),),
    "google-api-key": (_after("AI" + "za", _URL, 35),),
    "google-oauth-token": (_after("ya29.", _URL, 40, 120),),
    "google-oauth-secret": (_after("GOC" + "SPX-", _URL, 28),),
    "hugging-face-token": (_after("hf_", _ALNUM, 34),),
    "slack-token": (
        *(_after(f"xox{kind}-", _DIGITS + "-" + _ALNUM, 30, 60) for kind in "abprs"),
        _after("xapp-1-", _ALNUM + "-", 40, 60),
    ),
    "stripe-key": (
        *(_after(f"{kind}k_{mode}_", _ALNUM, 24, 99) for kind in "srp" for mode in ("live", "test")),
        _after("whsec_", _BASE64, 32),
    ),
    "npm-token": (_after("npm_", _ALNUM, 36),),
    "docker-token": (_after("dckr_pat_", _URL, 27),),
    "digitalocean-token": tuple(_after(f"do{kind}_v1_", _HEX, 64) for kind in "opr"),
    "shopify-token": tuple(_after(f"shp{kind}_", _HEX, 32) for kind in ("at", "ca", "pa", "ss")),
    "atlassian-token": (_after("ATA" + "TT3", _URL, 60, 180),),
    "databricks-token": (_after("da" + "pi", _HEX, 32),),
    "vault-token": (_after("hvs.", _URL, 24, 90),),
    "grafana-token": (_after("glsa_", _ALNUM, 41), _after("glc_", _BASE64, 60)),
    "groq-key": (_after("gsk_", _ALNUM, 52),),
    "xai-key": (_after("xai-", _ALNUM, 80),),
    "nvidia-key": (_after("nvapi-", _URL, 64),),
    "perplexity-key": (_after("pplx-", _ALNUM, 48),),
    "replicate-token": (_after("r8_", _ALNUM, 37),),
    "supabase-key": (_after("sbp_", _HEX, 40), _after("sb_secret_", _URL, 31)),
    "sentry-token": (_after("sntrys_", _BASE64, 60),),
    "linear-key": (_after("lin_api_", _ALNUM, 40),),
    "notion-token": (_after("ntn_", _ALNUM, 46),),
    "figma-token": (_after("figd_", _URL, 40),),
    "postman-key": (lambda random: f"PMAK-{drawn(random, _HEX, 24)}-{drawn(random, _HEX, 34)}",),
    "pulumi-token": (_after("pul-", _HEX, 40),),
    "rubygems-key": (_after("rubygems_", _HEX, 48),),
    "new-relic-key": (_after("NRAK-", _UPPER + _DIGITS, 27),),
    "mailgun-key": (_after("key-", _HEX, 32),),
    "age-secret-key": (_after("AGE-SECRET-KEY-1", _UPPER + _DIGITS, 58),),
    "aws-access-key": (_after("AK" + "IA", _UPPER + _DIGITS, 16), _after("AS" + "IA", _UPPER + _DIGITS, 16)),
    "sendgrid": (lambda random: f"SG.{drawn(random, _URL, 22)}.{drawn(random, _URL, 43)}",),
    "pypi": (_after("pypi-AgEIcHlwaS5vcmc", _URL, 80, 120),),
}
"""Makers of words that are secret whatever stands around them."""

_URL_PLACES: Mapping[str, Callable[[str], str]] = {
    "azure-signature": "https://lumen.example.org/blob?sv=2024&sig={}".format,
    "azure-shared-key": "Endpoint=sb://lumen.example.org/;SharedAccessKey={}".format,
    "azure-storage-key": "AccountName=lumen;AccountKey={}".format,
    "url-credentials": "postgres://mart:{}@db.example.org:5432/mart".format,
    "url-token": "https://lumen.example.org/hook?token={}".format,
    "authorization-header": "Authorization: Bearer {}".format,
    "command-line-credentials": "curl -u mart:{} https://lumen.example.org".format,
    "named-secret": 'password = "{}"'.format,
}
_LENGTHS = {"azure-storage-key": 88, "azure-signature": 44, "azure-shared-key": 44}
"""What their issuers write; all others have 24 characters."""


def token(random: Random) -> str:
    """A secret that is one word."""
    return random.choice(MAKERS[random.choice(sorted(MAKERS))])(random)


def placed(random: Random) -> tuple[str, str]:
    """(text, secret): a secret known by the place it stands in."""
    rule = random.choice(sorted(_URL_PLACES))
    secret = drawn(random, _ALNUM, _LENGTHS.get(rule, 24))
    return _URL_PLACES[rule](secret), secret


def planted(random: Random) -> tuple[str, str]:
    """(text, secret): a secret in words that could stand anywhere in a line of talk."""
    if random.random() < 0.25:
        return placed(random)
    secret = token(random)
    around = random.choice(
        ("{}", "the key is {} for now", "`{}`", '"{}"', "({})", "see {}.", "{},", "key={}", "<{}>", "[{}]")
    )
    return around.format(secret), secret


TELLING = 12
"""So many characters of a secret in a row are a leak; fewer may be chance."""


def stretches(secret: str) -> Iterator[str]:
    """Every stretch of a secret that would be a leak."""
    return (secret[at : at + TELLING] for at in range(len(secret) - TELLING + 1))


def left_over(text: str, secret: str) -> str | None:
    """The first stretch of a secret that stands in the text; None for none."""
    return next((stretch for stretch in stretches(secret) if stretch in text), None)
