"""detect-secrets as a table of Formats: the one place that knows its classes. Slow to import (0.2 s, for `requests`).

Each detector is gated by literals that its patterns cannot match without, so that a text without them costs nothing.
Left out: the entropy detectors and public addresses (noise in prose); and three that `redact_formats` has: private keys
(masked as whole blocks), JSON web tokens (the signature would stay) and Azure storage keys (the name would go).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from detect_secrets.filters import heuristic
from detect_secrets.plugins.artifactory import ArtifactoryDetector
from detect_secrets.plugins.aws import AWSKeyDetector
from detect_secrets.plugins.basic_auth import BasicAuthDetector
from detect_secrets.plugins.cloudant import CloudantDetector
from detect_secrets.plugins.discord import DiscordBotTokenDetector
from detect_secrets.plugins.github_token import GitHubTokenDetector
from detect_secrets.plugins.gitlab_token import GitLabTokenDetector
from detect_secrets.plugins.ibm_cloud_iam import IbmCloudIamDetector
from detect_secrets.plugins.ibm_cos_hmac import IbmCosHmacDetector
from detect_secrets.plugins.keyword import QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP
from detect_secrets.plugins.mailchimp import MailchimpDetector
from detect_secrets.plugins.npm import NpmDetector
from detect_secrets.plugins.openai import OpenAIDetector
from detect_secrets.plugins.pypi_token import PypiTokenDetector
from detect_secrets.plugins.sendgrid import SendGridDetector
from detect_secrets.plugins.slack import SlackDetector
from detect_secrets.plugins.softlayer import SoftlayerDetector
from detect_secrets.plugins.square_oauth import SquareOAuthDetector
from detect_secrets.plugins.stripe import StripeDetector
from detect_secrets.plugins.telegram_token import TelegramBotTokenDetector
from detect_secrets.plugins.twilio import TwilioKeyDetector

from ingest.extract.redact_formats import Format

_LITERALS = (
    (ArtifactoryDetector, ("akc", "ap")),
    (AWSKeyDetector, ("akia", "asia", "abia", "acca", "a3t", "aws")),
    (BasicAuthDetector, ("://",)),
    (CloudantDetector, ("cloudant", "clou", "cl_", "cl-", "clkey", "clapi", "clp", "clt")),
    (DiscordBotTokenDetector, (".",)),
    (GitHubTokenDetector, ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")),
    (GitLabTokenDetector, ("gl", "gr1348941")),
    (IbmCloudIamDetector, ("key", "pwd", "pass", "token")),
    (IbmCosHmacDetector, ("secret",)),
    (MailchimpDetector, ("-us",)),
    (NpmDetector, ("_authtoken",)),
    (OpenAIDetector, ("t3blbkfj",)),
    (PypiTokenDetector, ("pypi-",)),
    (SendGridDetector, ("sg.",)),
    (SlackDetector, ("xox", "hooks.slack.com")),
    (SoftlayerDetector, ("softlayer", "sl_", "sl-", "slapi", "slkey", "slp", "slt")),
    (SquareOAuthDetector, ("sq0csp-",)),
    (StripeDetector, ("k_live_",)),
    (TelegramBotTokenDetector, (":",)),
    (TwilioKeyDetector, ("ac", "sk")),
)

_INDIRECT = re.compile(r"(?::=?|[!=]{1,3})\s*[\w.-]+[\[(][^\v]*[\])]")
"""A value that is looked up, `secret = headers['key']`: is_indirect_reference of detect-secrets without its opening
`([^\\v=!:]*)\\s*`, which changes no answer and takes quadratic time, 25 ms for a line of 800 brackets."""
_LONGEST_CALL = 1_000
"""As there."""
_BOUNDED = (
    (r"(?=[^\v\'\"]*)", ""),
    (r"[^\v\'\"]*", r"[^\v\'\"]{0,300}"),
    (r")\w*", r")\w{0,40}+"),
    (r"\w*", r"\w{0,40}"),
    (r"\s*", r"\s{0,20}"),
)
"""A longer value is found by the rules for values without quotes."""


@cache
def detectors() -> tuple[Format, ...]:
    """The token detectors as formats; what is masked is the secret itself, where the rule tells it apart."""
    return tuple(
        Format(_slug(detector.secret_type), literals, _valued(pattern))
        for detector, literals in _LITERALS
        for pattern in detector.denylist
    )


@cache
def _quoted_values() -> tuple[tuple[re.Pattern[str], int], ...]:
    """The keyword rules with (pattern, group of the value), their parts bounded: unbounded they take quadratic time."""
    return tuple(
        (re.compile(_bounded(pattern.pattern), pattern.flags), group)
        for pattern, group in QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP.items()
    )


def _bounded(pattern: str) -> str:
    for part, bounded in _BOUNDED:
        pattern = pattern.replace(part, bounded)
    return pattern


def named_values(line: str) -> Iterator[tuple[int, int]]:
    """`[start, end)` of each quoted value that detect-secrets' keyword rules and heuristics take for a secret."""
    if len(line) <= _LONGEST_CALL and _INDIRECT.search(line):
        return
    for pattern, group in _quoted_values():
        for match in pattern.finditer(line):
            value = match.group(group)
            if value and not (
                heuristic.is_sequential_string(value)
                or heuristic.is_templated_secret(value)
                or heuristic.is_not_alphanumeric_string(value)
                or heuristic.is_prefixed_with_dollar_sign(value)
            ):
                yield match.span(group)


def _valued(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """The pattern with its one group named `value`, if that group is the secret and not just its prefix."""
    one_group = pattern.groups == 1 and not re.match(r"\((?:ghp|glpat)|.*\(\[0-9a-fA-F\]", pattern.pattern)
    if not one_group:
        return pattern
    at = next(found.start() for found in re.finditer(r"(?<!\\)\((?!\?)", pattern.pattern))
    return re.compile(f"{pattern.pattern[:at]}(?P<value>{pattern.pattern[at + 1 :]}", pattern.flags)


def _slug(secret_type: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", secret_type.lower()).strip("-")
