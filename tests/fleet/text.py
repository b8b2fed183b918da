"""Made-up news prose: enough different sentences that no two articles are alike."""

from __future__ import annotations

import random

_WHO = (
    "the harbour board",
    "the town council",
    "a parliamentary committee",
    "the regional court",
    "the teachers' union",
    "the ministry of transport",
    "the hospital trust",
    "a group of fishermen",
    "the water company",
    "the river police",
    "the opposition",
    "the mayor's office",
    "the statistics bureau",
    "the railway operator",
    "a citizens' initiative",
    "the central bank",
    "the forestry service",
    "the film festival",
    "the coast guard",
    "the university senate",
)
_DID = (
    "approved",
    "rejected",
    "postponed",
    "published",
    "criticised",
    "defended",
    "signed",
    "withdrew",
    "reviewed",
    "extended",
    "halved",
    "doubled",
    "questioned",
    "welcomed",
    "suspended",
    "reopened",
    "outlined",
    "challenged",
)
_WHAT = (
    "a plan for the old breakwater",
    "the budget for winter roads",
    "a contract for new ferries",
    "the timetable reform",
    "a report on flood defences",
    "the sale of the former barracks",
    "a ban on night flights",
    "the school meals scheme",
    "the repair of the lighthouse",
    "a levy on empty houses",
    "the merger of two clinics",
    "a survey of wild salmon",
    "the reopening of the canal",
    "a fund for small theatres",
    "the tender for street lighting",
    "a study of local rents",
)
_WHEN = (
    "on Monday",
    "on Tuesday evening",
    "after a long debate",
    "late on Wednesday",
    "ahead of the elections",
    "this week",
    "despite several objections",
    "on Thursday morning",
    "without a formal vote",
    "at a crowded hearing",
    "on Friday",
    "following months of talks",
    "in a closed session",
    "as the deadline passed",
    "before the summer recess",
)
_WHY = (
    "because costs had risen by {n} per cent since the first estimate",
    "although {n} residents had signed a petition against it",
    "which is expected to affect about {n} households in the valley",
    "a step that officials said would take at least {n} months",
    "while the neighbouring districts set aside {n} million for the same purpose",
    "citing a decision of the court that was handed down {n} weeks earlier",
    "so that the work can begin before the first storms of the season, in {n} days at the earliest",
    "after an inspection had found {n} separate faults in the existing structure",
)
_SAID = (
    '"We have waited {n} years for this, and another winter would be one too many," said {name}.',
    '"Nobody was asked, and nobody was told," {name} said after the meeting, which lasted {n} hours.',
    "According to {name}, who chairs the panel, {n} of the proposals were dropped at the last moment.",
    "{name}, a spokesman, declined to say whether the remaining {n} cases would be looked at again.",
    '"The figures speak for themselves," {name} told reporters, pointing to a rise of {n} per cent.',
)
_FIRST = ("Anna", "Jonas", "Maren", "Pavel", "Ingrid", "Tomas", "Lucia", "Henrik", "Elif", "Oskar", "Marta", "Viktor")
_LAST = ("Lindqvist", "Okafor", "Brandt", "Moreau", "Halloran", "Petrov", "Castellan", "Ebner", "Nakamura", "Riordan")


def name(chance: random.Random) -> str:
    return f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"


def sentence(chance: random.Random) -> str:
    """One sentence, of 15 to 30 words."""
    if chance.random() < 0.25:
        return chance.choice(_SAID).format(n=chance.randrange(3, 900), name=name(chance))
    who = chance.choice(_WHO)
    why = chance.choice(_WHY).format(n=chance.randrange(3, 900))
    return f"{who[0].upper()}{who[1:]} {chance.choice(_DID)} {chance.choice(_WHAT)} {chance.choice(_WHEN)}, {why}."


def paragraph(chance: random.Random) -> str:
    return " ".join(sentence(chance) for _ in range(chance.randrange(2, 5)))


def headline(chance: random.Random) -> str:
    who, what = chance.choice(_WHO), chance.choice(_WHAT)
    text = f"{who.removeprefix('the ')} {chance.choice(_DID)} {what}, {chance.randrange(3, 900)} cases reviewed"
    return text[0].upper() + text[1:]


def slug(chance: random.Random) -> str:
    words = f"{chance.choice(_WHO)} {chance.choice(_DID)} {chance.choice(_WHAT)}".replace("'", "").split()
    return "-".join(word for word in words if word not in {"the", "a", "of", "on", "for"})
