"""The kinds of things a playbook speaks of: phases, anchors, scopes, levels, cards, fields and gates."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """The part of a case a step belongs to."""

    #: when the procedure is booked
    BOOKING = "booking"
    #: at the consultation
    CONSULT = "consult"
    #: between consultation and the day
    PRE = "pre"
    #: on the day, before the procedure starts
    DAY = "day"
    #: after it, before the patient leaves
    POST = "post"
    #: days to months later
    FOLLOW_UP = "follow_up"
    #: a complication was reported
    EVENT = "event"
    #: the case was cancelled
    CANCEL = "cancel"
    #: the procedure was moved
    MOVE = "move"


#: What must be true before the start.
BEFORE = frozenset({Phase.BOOKING, Phase.CONSULT, Phase.PRE, Phase.DAY})


class Anchor(StrEnum):
    """The moment a due time counts from (rule 1.1)."""

    #: T0, the planned start of the procedure
    START = "start"
    #: its planned end until Finish is pressed, then the real one
    END = "end"
    #: planned arrival: some time before the start, as the playbook says (`Arrival`)
    ARRIVE = "arrive"
    #: start of the consultation
    CONSULT = "consult"
    #: when the procedure was booked
    BOOKED = "booked"
    #: when a complication was reported
    EVENT = "event"
    #: when the case was cancelled
    CANCEL = "cancel"
    #: when the procedure was moved
    MOVE = "move"


class Scope(StrEnum):
    """How often a step is asked in a course of sessions."""

    #: at every session
    SESSION = "session"
    #: once, and again when the answer has expired
    COURSE = "course"


class Level(StrEnum):
    """How hard an unanswered step or a bad answer stops the procedure."""

    #: a reminder only
    NONE = "no"
    #: blocked until the physician decides
    MD = "md"
    #: the procedure must not go ahead
    HARD = "hard"

    @property
    def rank(self) -> int:
        """Return 0 for what stops nothing, and more the harder it stops."""
        return tuple(Level).index(self)


class CardKind(StrEnum):
    """The card a step is asked on."""

    #: a person's lines of the day across cases
    WORKLIST = "worklist"
    #: the front desk's bookings, arrivals and check-outs of the day
    DESK = "desk"
    #: physician: who is cleared to come, all cases of a day
    CLEARANCE = "clearance"
    #: one form per person and case at the consultation
    CONSULT = "consult"
    #: nurse: what is checked and prepared on the day itself
    PREP = "prep"
    #: physician: consent, injection
    DOCTOR = "doctor"
    #: operator: everything just before the start
    ROOM = "room"
    #: stop and say
    TIMEOUT = "timeout"
    #: operator: what was done
    RECORD = "record"
    #: nurse: dressing, observation, aftercare
    AFTER = "after"
    #: a complication, one card per event and person
    EVENT = "event"


class Catch(StrEnum):
    """What a checklist caught, and somebody put right: what is counted, and nothing about a patient."""

    #: a medicine or an allergy
    MEDICINE = "medicine"
    #: the consent
    CONSENT = "consent"
    #: the skin: its type, a tan
    SKIN = "skin"
    #: a cold sore, or the antiviral against it
    COLD_SORE = "cold_sore"
    #: who the patient is, which site
    IDENTITY = "identity"
    #: a device or a room
    DEVICE = "device"
    #: the booking
    BOOKING = "booking"
    #: anything else
    OTHER = "other"


class FieldKind(StrEnum):
    """What a field takes."""

    #: one of its choices
    CHOICE = "choice"
    #: any number of its choices
    SEVERAL = "several"
    #: words; looked at by the privacy guard
    TEXT = "text"
    #: a number in `unit`
    NUMBER = "number"
    #: a calendar date
    DATE = "date"
    #: a wall time
    TIME = "time"
    #: worked out from two numbers of the same form: the first divided by the second
    RATIO = "ratio"


class Gate(StrEnum):
    """The moments a patient must be ready for, in order."""

    #: a week before
    WEEK = "week_before"
    #: cleared to come, two days before
    COME = "cleared_to_come"
    #: the morning huddle of the day
    HUDDLE = "huddle"
    #: arrival
    ARRIVAL = "arrival"
    #: cleared to start, the time-out
    START = "cleared_to_start"
