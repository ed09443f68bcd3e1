"""The booking that the contract of the command line gives as its example, without what is optional in it."""

from typing import Any

BOOKING: dict[str, Any] = {
    "playbook": "abl",
    "clinic": {
        "timezone": "America/Chicago",
        "working_days": ["mon", "tue", "wed", "thu", "fri"],
        "holidays": ["2027-02-15"],
    },
    "opened": "2027-01-12T13:45",
    "consult": "2027-01-12T14:00",
    "booked": "2027-01-12T15:10",
    "start": "2027-02-18T09:30",
    "minutes": 60,
}
