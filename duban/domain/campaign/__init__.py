"""The campaign: stages, gates, tasks, phase goals, deadlines; one clock, one numbered stream."""
