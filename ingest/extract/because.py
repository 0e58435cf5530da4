"""Where a reason begins that is not announced by "because": `since …`, `as …`, or a clause after a colon or a dash.

Only a clause with a subject and a verb counts ("since legal requires it"), never a time ("since last year"), a manner
("as discussed") or an elaboration ("keep it simple: the client retries"). Shared by the passes that cut and that quote.
"""

from __future__ import annotations

import re

_SUBJECT = (
    r"(?:it|we|they|that|this|the|there|you|i|he|she|nobody|everybody|everyone|no one|most|all|every|each|no|our|its"
    r"|their|these|those|your|my)\b"
)
_FINITE = (
    r"(?:(?<=\w)'(?:s|re|ve|ll|d)|\b(?:(?:is|are|was|were|has|have|had|can|could|does|do|did|will|would|must|should"
    r"|need)(?:n'?t)?|cannot|won'?t|needs|requires?|makes?|takes?|costs?|gives?|keeps?|breaks?|fails?|supports?"
    r"|allows?|means?|wants?"
    r"|says?|lets?|runs?|works?|uses?|expects?|sees?|knows?|got|gets?|comes?|never|still|already|cares?|reads?"
    r"|writes?|owns?|pays|remembers?|waits?|asks?|insists?|locks?|loses?)\b)"
)
_TIME = (
    r"(?:(?:the )?(?:very )?(?:start|beginning|last|release|upgrade|launch|outage)|then\b|yesterday|v?\d|version"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may\b|june|july|august|september"
    r"|october|november|december)"
)
_MANNER = (
    r"(?:before|always|usual|ever|discussed|agreed|planned|expected|needed|well|soon|long|far|much|many|if|though"
    r"|an?\b|default|(?:it|that|this|things) (?:is|are|was|were|stands?)(?: now| today)?\s*(?:[.,;!?]|$)"
    r"|(?:we|i|you|they|everyone|everybody|he|she)(?:'ve|'d| have| had| all| always| usually)*"
    r" (?:said|discussed|agreed|knows?|decided|do|did|does|mentioned|see|saw|can see|planned|wanted|wants?)\b)"
)
_SPEAKS_AGAINST_OR_FOR = (
    r"(?:cannot|can(?:'?t| not)|(?:does|do|did|is|are|was|has|have|would|could|need)(?:n'?t| not)|won'?t|will not"
    r"|never|nobody"
    r"|no one|would|breaks?|fails?|needs?|requires?|too \w+|cheaper|faster|simpler|easier|safer|smaller|slower"
    r"|better|worse"
    r"|less|costs?|takes?|already|only|enough|supports?|allows?|loses?|locks?)"
)
CLAUSE_OF_REASON = re.compile(
    rf"(?<=, )since (?!{_TIME})(?=[^.;?!\n]{{2,80}}?{_FINITE})"
    rf"|(?<=, )as (?!{_MANNER})(?=(?:{_SUBJECT}[^.;,?!\n]{{0,60}}?|[\w-]+ ?){_FINITE})"
    r"|(?:(?<=: )|(?<= [–—-] ))(?=(?:the|it(?:'?s)?|they(?:'?re)?|that(?:'?s)?|this|there(?:'?s)?|nobody|no one|our"
    rf"|its|their|otherwise|every|most|all)\b[^.;:?!\n]{{0,80}}?\b{_SPEAKS_AGAINST_OR_FOR}\b)",
    re.IGNORECASE,
)
"""Matches at the reason's first word; the comma, colon or dash before it belongs to neither."""
