"""How things are shown: stories, differences, tables."""
