"""The platforms on which Bookend speaks with staff (chat, listen and a render each), and what they share."""
