"""Side effects, one class per outside system."""
