"""Part of the decision-record reader: the words of a record in German, French, Spanish, Portuguese and Dutch.

Headings, fields, statuses and the lead-ins of a decision, no more: prose of any language under these headings is read
by where it stands. Patterns here are joined to the English ones, in the modules that hold those.
"""

from __future__ import annotations

import re

ROLES: tuple[tuple[str, str], ...] = (
    ("status", r"stand|statut|état|estado|situação"),
    ("date", r"datum|fecha|entscheidungsdatum"),
    (
        "deciders",
        r"entscheider(?:innen)?|entscheidungsträger(?:innen)?|décideurs?|personas decisoras|decisor(?:es|as)"
        r"|tomadores de decisão|beslissers|besluitvormers",
    ),
    ("authors", r"autor(?:en|innen|es)?|auteurs?"),
    (
        "pros",
        r"(?:vor- und nachteile|pro und contra)(?: der optionen)?|avantages et inconvénients(?: des options)?"
        r"|(?:pros y contras|ventajas y desventajas)(?: de las opciones)?|prós e contras(?: das opções)?"
        r"|voor- en nadelen(?: van de opties)?",
    ),
    (
        "drivers",
        r"entscheidungs(?:treiber|kriterien|faktoren)|einflussfaktoren|randbedingungen"
        r"|(?:facteurs|critères|moteurs) de (?:la )?décision|contraintes|(?:factores|criterios) de (?:la )?decisión"
        r"|restricciones|(?:fatores|critérios|direcionadores) d[ea] decisão|restrições|besluitcriteria|randvoorwaarden",
    ),
    (
        "options",
        r"(?:(?:betrachtete|erwogene|mögliche|geprüfte) )?optionen|(?:mögliche|betrachtete) lösungen"
        r"|options (?:envisagées|considérées|étudiées)|opciones(?: consideradas| evaluadas)?"
        r"|opções(?: consideradas| avaliadas)?|(?:overwogen |mogelijke )?opties",
    ),
    (
        "alternatives",
        r"(?:(?:betrachtete|verworfene|andere|erwogene) )?alternativen|verworfene optionen"
        r"|(?:autres )?alternatives (?:envisagées|considérées|rejetées|écartées)|options (?:rejetées|écartées)"
        r"|alternativas(?: consideradas| descartadas| rechazadas| avaliadas| rejeitadas)?"
        r"|(?:overwogen |afgewezen |verworpen )?alternatieven",
    ),
    (
        "rationale",
        r"begründung(?: .*)?|gründe|warum|raisons?|motivations|pourquoi|justificación|motivación|razones|por qué"
        r"|justificativa|motivação|razões|motivatie|onderbouwing|redenen|waarom",
    ),
    (
        "consequences",
        r"(?:positive |negative )?(?:konsequenzen|folgen|auswirkungen)|conséquences(?: positives| négatives)?"
        r"|consecuencias(?: positivas| negativas)?|consequências(?: positivas| negativas)?"
        r"|(?:positieve |negatieve )?(?:gevolgen|consequenties)",
    ),
    (
        "links",
        r"verweise|weitere informationen|siehe auch|liens|voir aussi|plus d['’]informations|enlaces|más información"
        r"|mais informações|verwijzingen|meer informatie",
    ),
    (
        "decision",
        r"(?:(?:die|unsere) )?entscheidung(?:sergebnis)?|ergebnis der entscheidung|gewählte (?:option|lösung)|beschluss"
        r"|(?:la |notre )?décision(?: prise| retenue)?|résultat de la décision|(?:option|solution) (?:retenue|choisie)"
        r"|(?:la )?decisión(?: tomada| adoptada)?|resultado de la decisión|opción elegida"
        r"|(?:a )?decisão(?: tomada)?|resultado da decisão|opção escolhida"
        r"|(?:het |de )?(?:besluit|beslissing)|uitkomst van het besluit|gekozen (?:optie|oplossing)",
    ),
    (
        "context",
        r"kontext(?: und problem(?:stellung|beschreibung))?|problem(?:stellung|beschreibung)|hintergrund|ausgangslage"
        r"|contexte(?: et (?:énoncé du )?problème)?|problème|problématique"
        r"|contexto(?: y (?:planteamiento|definición) del problema| e (?:declaração|descrição|definição) do problema)?"
        r"|problema|antecedentes|context en probleemstelling|probleemstelling|achtergrond",
    ),
)

FIELDS = {
    "stand": "status",
    "statut": "status",
    "estado": "status",
    "datum": "date",
    "fecha": "date",
    "data": "date",
    "entscheider": "deciders",
    "entscheiderinnen": "deciders",
    "entschieden von": "deciders",
    "décideurs": "deciders",
    "décideur": "deciders",
    "decisores": "deciders",
    "beslissers": "deciders",
    "autoren": "authors",
    "auteurs": "authors",
    "autores": "authors",
    "ersetzt durch": "superseded by",
    "abgelöst durch": "superseded by",
    "remplacé par": "superseded by",
    "remplacée par": "superseded by",
    "reemplazado por": "superseded by",
    "reemplazada por": "superseded by",
    "substituído por": "superseded by",
    "substituída por": "superseded by",
    "vervangen door": "superseded by",
    "ersetzt": "supersedes",
    "remplace": "supersedes",
    "reemplaza": "supersedes",
    "reemplaza a": "supersedes",
    "substitui": "supersedes",
    "vervangt": "supersedes",
}

SUPERSEDED_BY = (
    r"(?:ersetzt|abgelöst) durch|remplacée? par|(?:reemplazad|sustituid)[oa] por|substituíd[oa] por|vervangen door"
)
SUPERSEDES = (
    r"ersetzt(?! durch)|löst(?=[^\n]{1,200}\bab\b)|remplace(?! par)|reemplaza a?|sustituye a?|substitui|vervangt"
)

STATUSES = {
    "superseded": r"ersetzt(?=[ ]durch|\s*$)|abgelöst|veraltet|überholt|remplacée?|obsolète|caduque?"
    r"|(?:reemplazad|sustituid|obsolet)[oa]|substituíd[oa]|vervangen|verouderd",
    "declined": r"abgelehnt|verworfen|(?:rejet|refus)ée?|rechazad[oa]|(?:rejeitad|recusad)[oa]|afgewezen|verworpen",
    "accepted": r"angenommen|akzeptiert|beschlossen|genehmigt|(?:accept|adopt|approuv|valid)ée?"
    r"|(?:aceptad|aprobad|adoptad)[oa]|(?:aceit|aprovad)[oa]|geaccepteerd|goedgekeurd|aangenomen",
    "proposed": r"vorgeschlagen|entwurf|in[ ]diskussion|proposée?|brouillon|propuest[oa]|borrador|propost[oa]|rascunho"
    r"|voorgesteld",
}
NOT_YET = r"nicht|noch|pas|não|niet"

CHOSEN = (
    r"gewählte (?:option|lösung|alternative)|(?:option|solution) (?:retenue|choisie)|opción (?:elegida|seleccionada)"
    r"|opção (?:escolhida|selecionada)|gekozen (?:optie|oplossing|alternatief)"
)
BECAUSE = (
    r"(?:weil|da|denn|car|puisque|parce que|porque|ya que|puesto que|pois|já que|omdat|want|aangezien)\b"
    r"|parce qu['’]|puisqu['’]"
)
PRO = r"gut|bon|bien|buen[oa]|bo[am]|goed|vorteile?|avantages?|ventajas?|vantage(?:m|ns)|voorde(?:el|len)"
CON = (
    r"schlecht|mauvais|mal[oa]|ru(?:im|ins)|slecht|nachteile?|inconvénients?|desventajas?|desvantage(?:m|ns)"
    r"|nade(?:el|len)"
)

_SAID = re.compile(
    r"\bwir (?:haben (?:uns |daher |deshalb )*(?:[^.\n]{1,160}? )?(?:entschieden|beschlossen)"
    r"|entscheiden uns|(?:werden|verwenden|nutzen|setzen|führen|wählen|behalten)\b)"
    r"|\b(?:nous avons|on a) (?:donc )?(?:décidé|choisi|opté|retenu)\b"
    r"|\bnous (?:utiliserons|utilisons|adoptons|choisissons|retenons|allons)\b"
    r"|\b(?:hemos|se ha) (?:decidido|elegido|optado)\b|\b(?:decidimos|elegimos|optamos|usaremos|utilizaremos|vamos a)\b"
    r"|\b(?:escolhemos|vamos usar|vamos utilizar|adotamos|foi decidido)\b"
    r"|\bwe (?:hebben (?:[^.\n]{1,160}? )?(?:besloten|gekozen)|kiezen|gebruiken|gaan)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:noch nicht|nicht entschieden|pas encore|todavía no|aún no|ainda não|nog niet)\b", re.IGNORECASE
)
_REASON = re.compile(rf",\s{{1,40}}(?:{BECAUSE})\s{{0,40}}(?=\S)", re.IGNORECASE)
CLAIM_WORDS = 2


def is_said_elsewhere(sentence: str) -> bool:
    """Whether a sentence in another language than English says what was decided or will be done."""
    return not sentence.rstrip().endswith("?") and bool(_SAID.search(sentence)) and not _NEGATED.search(sentence)


def split_reason_elsewhere(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the claim ends and its reason begins: `Wir nutzen X, weil Y`; None where no such word stands."""
    cut = _REASON.search(text, start, end)
    if cut is None or len(text[start : cut.start()].split()) < CLAIM_WORDS:
        return None
    return cut.start(), cut.end()
