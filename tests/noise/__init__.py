"""How much a clinic hears: a day and a month of invented clinics, played through the real service."""
