"""What a phrase must be followed by to announce a decision, and what it tells instead where that follows."""

from __future__ import annotations

THINGS = (
    r"(?=(?:the|an?) (?!same|case|problem|question|matter|reason|other|first|last|next|only|end|bugs?\b|bit|lot|mess"
    r"|different|shame|pity|good|bad|better|best|worse|worst|big|small|great|nice|no-brainer|waste|pain|fault|job"
    r"|timeout|errors?\b|failure|crash|leak\b|regression|race\b)\w)"
    r"(?![^.,;\n]{0,60} (?:that|which|who|whose)\b)"
)
"""Not what a finding names: "then it's the parser that chokes"."""
AMOUNT = (
    r"(?:(?:the )?(?:current|same|old|present)|v?\d\w*|version|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|\w+t(?:y|een))\b"
)
"""What one stays at by decision; "at home" and "at the Marriott" are none."""
NO_SUCH = (
    r"no (?!(?:problem|wait|worries|need|idea|thanks|thank|one|matter|doubt|rush|way|longer|more|use|go|keep|drop|no|i"
    r"|we|you|it|that|this|those|these|the|an?|he|she|they|do|don't|not|just|let|but|and|there|objections?|issues?|changes?"
    r"|errors?|question|because|actually|since|luck|clue|progress|blockers?|concerns?|kidding|surprises?|hurry)\b"
    r"|(?:news|answers?|response|reply|updates?|comments?|complaints?|harm|joke|chance|point|signs?|evidence|feedback"
    r"|preference|pressure)(?:[,;]| [–—-]))"
)
PERCEIVE = (
    r"(?:still )?(?:get|got|can't (?:hear|see|reach|connect|find|open|read|load|log|join)|cannot (?:hear|see|reach)"
    r"|couldn't|don't (?:hear|see|get)|didn't|hear|heard|see|saw)\b"
)
"""What tells of a lack that was met, not chosen: "no sound, we can't hear you"."""
TALKED_OF = (
    r"(?:(?:an?|the|this|my|some) )?(?:comments?|notes?|issue|concern|question|point|flag|vote|approval|review|remark"
    r"|feedback|suggestion|house|flat|early|today|tomorrow|soon)"
    r"(?=,| (?:here|there|on|about|with|for|to|since|because|so that|otherwise|today|tomorrow|this|next)\b)"
)
"""What a reviewer leaves or raises that changes nothing: "I'm leaving a comment here because"."""
FINDS = (
    r"get|got|find|found|lose|lost|spend|spent|waste|wasted|hit|expect|expected|measure|measured|observe|observed|notice"
    r"|noticed|end|ended|think|thought|feel|felt|know|knew|look|looked|suffer|suffered|hear|heard|assume|assumed|hope"
    r"|hoped|wonder|wondered|ask|asked|learn|learned|discover|discovered|realise|realised|realize|realized|receive"
    r"|received|experience|experienced|face|faced"
)
"""Verbs after which "rather than" tells what was met, not what is chosen."""
