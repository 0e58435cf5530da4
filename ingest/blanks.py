"""Texts that stand where a record should say something and say nothing yet: prompts of a template, TBD, none, N/A.

Each question is about one statement (a paragraph, a list item, a sentence), as written, markup included.
"""

from __future__ import annotations

import re

_ENGLISH = re.IGNORECASE | re.VERBOSE
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,15}\s{0,3}/?>", re.IGNORECASE)
_EDGES = " \t\n*_`~\"'“”‘’.!-–—:;,()"
"""What stands around words without being any; a pair of square, curly or angle brackets marks a placeholder."""
_PLACEHOLDER = re.compile(r"\{[^{}]*+\}|\{\{[^{}]*+\}\}|\[[^\[\]]*+\]|<(?!https?:|mailto:)[^<>@]*+>")
_SLANTED = re.compile(r"\*(?!\*)[^*]++\*|_(?!_)(?:[^_]|(?<=\w)_(?=\w))++_")
_OPENS_A_PROMPT = re.compile(
    r"""(?:please|optional(?:ly)?|e\.?g\b|for\ example|example|note|hint|todo|fixme
    |if\ (?:any|applicable|relevant|needed)
    |describe|explain|list|fill|provide|summari[sz]e|state|write|mention|add|include|insert|replace|delete|remove|give
    |tell|specify|outline|document|enter|put
    |what|why|how|which|who|when|where|did\ you|were\ there|is\ there|are\ there
    |your|a\ (?:clear|short|brief|concise))\b""",
    _ENGLISH,
)
_PROMPT = re.compile(
    r"""(?:please\ )?(?:briefly\ )?
    (?:(?:describe|explain|outline|summari[sz]e|fill\ (?:in|out)|list|state|provide|specify|give|tell\ us)\ (?:here\ )?
      (?:(?:the|any|your|all|each|other|what|why|how|which|whether|if|a|an|some|possible|considered)\ ){1,3}
      (?:\S{1,40}\ ){0,4}?
      (?:alternatives?|decisions?|rationale|reason(?:s|ing)?|options?|motivation|trade-?offs?|consequences?|context
        |constraints?|approach(?:es)?|solutions?|changes?|you|was|were|is|are|we)\b
    |please\ (?:describe|explain|fill\ in|summari[sz]e)\b
    |(?:describe|explain|list)\ (?:the\ )?(?:alternatives?|decisions?|rationale|options?|consequences?|constraints?)\b
    |a\ (?:clear|short|brief|concise)\ (?:and\ (?:clear|short|brief|concise)\ )?(?:description|summary|explanation)\b
    |your\ (?:text|answer|words)\ (?:goes\ |go\ )?here\b)""",
    _ENGLISH,
)
_BREAK = r"(?=\s*+(?:$|[.,;:!?()–—]|\b(?:because|since|as|so|until|before|after|for\ now|but|and|due|yet)\b)|\s+-\s)"
_UNDECIDED = re.compile(
    rf"""(?:t\.?b\.?[dcah]\b|(?:a\ |the\ )?decision\ (?:is\ )?(?:still\ )?(?:pending|open|outstanding){_BREAK}
    |to\ be\ (?:decided|determined|discussed|defined|agreed|confirmed|clarified|announced|filled|completed|written
      |done)\b
    |(?:there\ is\ |we\ have\ )?no\ (?:final\ |formal\ |clear\ )?
      (?:decisions?|consensus|conclusion|agreement|outcome)(?:\ (?:has\ been|have\ been|was|were|is|yet))?
      (?:\ (?:made|taken|reached|needed|required))?
      (?:\ (?:yet|so\ far|at\ (?:this|the)\ (?:time|moment|point|meeting)))?
      {_BREAK}
    |(?:(?:this|it|that|we|the\ (?:decision|team|question|choice))(?:\ (?:is|are|was|has|have)|['’](?:re|s|ve))?\ )?
      (?:(?:still|currently|yet)\ )?
      (?:under\ (?:discussion|review|consideration|debate)|in\ (?:discussion|progress)|up\ for\ (?:discussion|debate)
        |undecided|deferred|postponed|pending|to\ be\ decided|unclear|unresolved
        |(?:discussing|deciding|debating|undecided|thinking|investigating|evaluating)\b(?=.{{0,80}}$)
        |open(?:\ question)?){_BREAK}
    |(?:this|it|that|we|the\ (?:decision|team|question|choice))['’]?\ ?(?:re|s|is|are|was)?\ ?still
      \ (?:discussing|deciding|debating|undecided|thinking|investigating|evaluating|open|pending|unclear|unsure)\b
    |(?:still\ )?(?:discussing|deciding|debating|undecided|unsure)\b(?=[^.]{{0,60}}$)
    |(?:(?:this|it|that|we|the\ (?:decision|team|question|choice))\ )?
      (?:(?:have|has|is|are|was)(?:\ not|n['’]t)|not)\ (?:yet\ |been\ |yet\ been\ )?
      (?:decided|determined|agreed|settled|finali[sz]ed|made\ (?:a|any|the)\ decision)\b
    |(?:pending|awaiting|waiting\ for)\ (?:a\ |the\ |further\ |more\ )?
      (?:decision|discussion|feedback|review|input|approval|answers?|reply|replies)\b
    |(?:wip|work\ in\ progress|to-?\ ?do|fixme|coming\ soon|later|xxx+|placeholder|draft|unknown){_BREAK}(?!\s*+,))""",
    _ENGLISH,
)
_NOTHING = re.compile(
    rf"""(?:n\s?/\s?a|not\ (?:applicable|relevant)|nil|null|nothing)
      (?:\ (?:here|yet|really|so\ far|special|else))?{_BREAK}
    |(?:na|no|nope|see\ (?:above|below|title|description))$
    |none(?:\ (?:yet|so\ far|today|this\ (?:time|week|month|quarter|sprint|year)|really
        |at\ all|here|known|considered|identified|needed|at\ (?:this|the)\ (?:time|moment))
      |\ that\ (?:i|we)\b.{{0,60}}|\ (?:i|we)\b.{{0,60}}|\ (?:were|was|have\ been|are|is)\ \w{{2,20}})?{_BREAK}
    |(?:(?:there\ (?:are|were|is|was)|(?:i|we)\ (?:have|had|see|saw|considered|know|found))\ )?
      no(?:ne\ of)?\ (?:(?:other|real|good|better|viable|serious|known|obvious|further|specific|significant|particular
        |additional|new|major|such)\ ){{0,2}}
      (?:alternatives?|options?|approach(?:es)?|solutions?|consequences?|constraints?|trade-?offs?|drawbacks?|downsides?
        |reasons?|rationale|impact|effects?)
      (?:\ (?:was|were|is|are|has\ been|have\ been))?
      (?:\ (?:considered|evaluated|discussed|explored|examined|investigated|known|identified|found|needed|given|recorded
        |applicable|available|documented|listed|proposed|provided|expected|seriously\ considered|really\ considered))?
      (?:\ (?:so\ far|yet|here|by\ (?:us|me)|at\ (?:this|the)\ (?:time|moment|point)))?
      {_BREAK}
    |(?:i|we)\ (?:did(?:\ not|n['’]t)|have(?:\ not|n['’]t)|haven['’]t)\ (?:really\ |seriously\ )?
      (?:consider(?:ed)?|look(?:ed)?\ (?:at|into)|evaluated?|thought\ (?:of|about)|think\ of|discuss(?:ed)?)
      \ (?:any\ |other\ |many\ )*(?:alternatives?|options?|approach(?:es)?|solutions?|anything|others?)\b""",
    _ENGLISH,
)


def is_prompt(text: str) -> bool:
    """Whether a template asks for words here: a comment alone, `{option}`, `_Describe alternatives_`, `Describe the…`.

    Slanted words (`_…_`, `*…*`) are a prompt only where they ask or instruct.
    """
    bare = _visible(text)
    if not bare:
        return bool(text.strip())
    if _PLACEHOLDER.fullmatch(bare):
        return True
    words = _folded(bare)
    if _SLANTED.fullmatch(bare.rstrip(" .:")) and (
        _OPENS_A_PROMPT.match(words) or bare.rstrip("*_ ").endswith(("?", "…", "...", " here", " here."))
    ):
        return True
    return _PROMPT.match(words) is not None


def is_undecided(text: str) -> bool:
    """Whether the text says that it is not settled: `TBD`, `To be decided`, `No decision yet; we are discussing`."""
    return _UNDECIDED.match(_folded(_visible(text))) is not None


def says_nothing(text: str) -> bool:
    """Whether the text is blank, a prompt, undecided, or says that there is none: `None`, `N/A`, `No alternatives…`."""
    words = _folded(_visible(text))
    if not any(char.isalnum() for char in words) or is_prompt(text) or is_undecided(text):
        return True
    return _NOTHING.match(words) is not None


def _visible(text: str) -> str:
    return _TAG.sub(" ", _COMMENT.sub(" ", text)).strip()


def _folded(text: str) -> str:
    return " ".join(text.split()).strip(_EDGES)
