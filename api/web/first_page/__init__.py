"""The page at `/`: what runs, where what is, and what to try next. Only its name outside of development."""
