"""What campaigns and their members are made of: one machine, one scratch, one clock (ADR 0017)."""
