"""What campaigns and problems are both made of: one machine, one scratch, one clock (ADR 0017)."""
