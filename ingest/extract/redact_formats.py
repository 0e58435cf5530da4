"""Public token formats that the rule set of `redact` lacks or knows in an older form: facts, one a line.

Each is a prefix or shape that its issuer documents so that scanners can find it. A format is (rule, literals, pattern):
the pattern is tried only where one of the literals (parted by |), in lower case, occurs in the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of secret: its rule name, what must occur in lower case for it to be tried, and its shape.

    The group `value`, where there is one, is what is masked; otherwise the whole match is.
    """

    rule: str
    literals: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Formats:
    """Kinds of secret that are looked for together, and for each literal the places of the kinds that it opens."""

    kinds: tuple[Format, ...]
    opens: Mapping[str, tuple[int, ...]]

    def opened(self, lowered: str) -> list[Format]:
        """The kinds that a text, `lowered` in small letters, may hold: some literal of theirs occurs in it."""
        places = {place for literal in filter(lowered.__contains__, self.opens) for place in self.opens[literal]}
        return [self.kinds[place] for place in sorted(places)]


def together(*kinds: Format) -> Formats:
    """These kinds as one table."""
    opens: dict[str, tuple[int, ...]] = {}
    for place, known in enumerate(kinds):
        for literal in known.literals:
            opens[literal] = (*opens.get(literal, ()), place)
    return Formats(kinds, opens)


def _format(rule: str, literals: str, pattern: str) -> Format:
    return Format(rule, tuple(literals.split("|")), re.compile(pattern))


TOKENS: tuple[Format, ...] = (
    _format("github-token", "github_pat_", r"github_pat_\w{22,}"),
    _format("github-token", "ghp_|gho_|ghu_|ghs_|ghr_", r"gh[pousr]_[A-Za-z0-9]{36,}"),
    _format("gitlab-token", "glpat-|gldt-|glrt-|glft-|glsoat-|glcbt-", r"gl(?:pat|dt|rt|ft|soat|cbt)-[\w.-]{20,}"),
    _format("json-web-token", "eyj", r"(?<![\w-])eyJ[\w=-]{8,4000}\.[\w=-]{8,8000}(?:\.[\w=+/-]*)?"),
    _format("anthropic-key", "sk-ant-", r"sk-ant-[\w-]{16,}"),
    _format("openai-token", "sk-proj-|sk-svcacct-|sk-admin-", r"sk-(?:proj|svcacct|admin)-[\w-]{20,}"),
    _format("openai-token", "sk-", r"(?<![\w-])sk-(?=[A-Za-z]*\d)[A-Za-z0-9]{32,}"),
    _format("openrouter-key", "sk-or-", r"sk-or-v1-[0-9a-f]{32,}"),
    _format("google-api-key", "aiza", r"AIza[\w-]{35}"),
    _format("google-oauth-token", "ya29.", r"ya29\.[\w-]{20,}"),
    _format("google-oauth-secret", "gocspx-", r"GOCSPX-[\w-]{20,}"),
    _format("hugging-face-token", "hf_", r"(?<!\w)hf_[A-Za-z0-9]{30,}"),
    _format("slack-token", "xox|xapp-|xwfp-", r"(?:xox[a-z](?:\.xox[a-z])?|xapp|xwfp)-[\w-]{10,}"),
    _format("stripe-key", "k_live_|k_test_|whsec_", r"(?:[rsp]k_(?:live|test)|whsec)_[A-Za-z0-9+/=]{16,}"),
    _format("npm-token", "npm_", r"(?<!\w)npm_[A-Za-z0-9]{36}"),
    _format("docker-token", "dckr_", r"dckr_(?:pat|oat)_[\w-]{20,}"),
    _format("digitalocean-token", "_v1_", r"do[opr]_v1_[0-9a-f]{64}"),
    _format("shopify-token", "shp", r"shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{32}"),
    _format("atlassian-token", "atatt3|atctt3", r"AT[AC]TT3[\w=-]{50,}"),
    _format("databricks-token", "dapi", r"(?<!\w)dapi[0-9a-f]{32}(?:-\d)?"),
    _format("vault-token", "hvs.|hvb.", r"hv[sb]\.[\w-]{20,}"),
    _format("grafana-token", "glsa_|glc_", r"gl(?:sa|c)_[\w=+/-]{32,}"),
    _format("groq-key", "gsk_", r"(?<!\w)gsk_[A-Za-z0-9]{40,}"),
    _format("xai-key", "xai-", r"(?<!\w)xai-[A-Za-z0-9]{40,}"),
    _format("nvidia-key", "nvapi-", r"nvapi-[\w-]{40,}"),
    _format("perplexity-key", "pplx-", r"pplx-[A-Za-z0-9]{32,}"),
    _format("replicate-token", "r8_", r"(?<!\w)r8_[A-Za-z0-9]{37}"),
    _format("supabase-key", "sbp_|sb_secret_", r"(?<!\w)(?:sbp_[0-9a-f]{40}|sb_secret_[\w-]{20,})"),
    _format("sentry-token", "sntry", r"sntry[su]_[\w=+/-]{40,}"),
    _format("linear-key", "lin_", r"lin_(?:api|oauth)_[A-Za-z0-9]{32,}"),
    _format("notion-token", "ntn_", r"(?<!\w)ntn_[A-Za-z0-9]{40,}"),
    _format("figma-token", "figd_", r"figd_[\w-]{38,}"),
    _format("postman-key", "pmak-", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    _format("pulumi-token", "pul-", r"(?<!\w)pul-[0-9a-f]{40}"),
    _format("rubygems-key", "rubygems_", r"rubygems_[0-9a-f]{48}"),
    _format("new-relic-key", "nrak-", r"NRAK-[A-Z0-9]{27}"),
    _format("mailgun-key", "key-", r"(?<![\w-])key-[0-9a-f]{32}(?!\w)"),
    _format("age-secret-key", "age-secret-key-", r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    _format("azure-signature", "sig=", r"[?&]sig=(?P<value>[\w%+/=-]{16,})"),
    _format("azure-storage-key", "accountkey=", r"AccountKey=(?P<value>[\w+/=]{16,88})"),
    _format("azure-shared-key", "accesskey=", r"(?i)SharedAccessKey=(?P<value>[\w+/=]{16,})"),
)

PLACES = together(
    _format(
        "private-key",
        "private key",
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"
        r"(?:(?s:(?!-----BEGIN ).)*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"
        r"|(?:(?:\s|\\[nr])*[A-Za-z0-9+/=]{16,})*)",
    ),
    _format(
        "private-key",
        "putty-user-key-file-",
        r"PuTTY-User-Key-File-\d(?s:(?!PuTTY-User).){0,20000}?Private-MAC: *[0-9a-f]+",
    ),
    _format("url-credentials", "://", r"://[^\s:/@\"'<>`]{0,200}:(?P<value>[^\s\"'<>/`]{1,200})@(?=[\w\[])"),
    _format(
        "authorization-header",
        "bearer|basic",
        r"(?i)\b(?:bearer|basic)[ \t]+(?P<value>(?=[^\s\"']*\d)[\w.~+/=-]{16,})",
    ),
    _format(
        "command-line-credentials",
        "curl",
        r"curl\b[^\n]{0,300}?\s(?:-u|--user)[ =]?[\"']?[^\s:\"']+:(?P<value>[^\s\"']{3,})",
    ),
    _format(
        "url-token",
        "token=|key=|secret=|password=",
        r"(?i)[?&](?:[a-z]+[_-])?(?:token|api_?key|key|secret|password)=(?P<value>(?=[^&\s]{0,400}\d)[\w%.~+/=-]{12,})",
    ),
)

CUT_OFF = re.compile(
    r"(?<![A-Za-z0-9])(?:github_pat_|gh[pousr]_|gl(?:pat|dt|rt|ft|soat|cbt)-|sk-(?:ant|proj|svcacct|admin|or)-|AIza"
    r"|ya29\.|GOCSPX-|hf_|xox[a-z][-.]|xapp-|xwfp-|[rsp]k_(?:live|test)_|whsec_|npm_|dckr_(?:pat|oat)_|do[opr]_v1_"
    r"|shp(?:at|ca|pa|ss)_|AT[AC]TT3|dapi|hv[sb]\.|gl(?:sa|c)_|gsk_|xai-|nvapi-|pplx-|r8_|sbp_|sb_secret_|sntry[su]_"
    r"|lin_(?:api|oauth)_|ntn_|figd_|PMAK-|pul-|rubygems_|NRAK-|AGE-SECRET-KEY-1|AKIA|ASIA|eyJ|pypi-|SG\.)"
    r"(?=[\w.=+/-]*\d)[\w.=+/-]{8,}\Z"
)
"""The beginning of a token at the very end of a text that was cut to a length: no format knows it by its shape."""
