"""Every card and form that Bookend has, each at its smallest, as on a usual day, and at its largest."""
