"""The page: how it is drawn, what its routes answer, and how it behaves in a browser."""
