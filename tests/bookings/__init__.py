"""Bookings composed by hand, one file each, and what a second reading of the rules makes of them."""
