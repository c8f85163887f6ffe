"""The `duban` command: nouns and verbs for people and scripts, Chinese first."""
