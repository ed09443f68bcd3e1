"""Planted marks: a whole day of `bookend serve` on Slack and Teams, into which names, birth dates, telephones
and record numbers are put wherever they can enter, and all that comes of it is searched for them.

Each mark is put into one place of the day alone (`marks`), so that one that is found names its leak. What
becomes of each is declared beforehand (`Fate`): what is refused must be nowhere; who a patient is, written
down on the page for it, only on the cards of the platform that may show names; what lawfully stays must be
found, or the search would find nothing.
"""
