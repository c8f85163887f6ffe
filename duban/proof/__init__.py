"""What the trail's proofs are made of: hashes, trees, tiles, notes, keys and policies.

Pure: no database, no network, no clock. Formats are those of RFC 6962/9162 and of C2SP
(signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles, tlog-proof, tlog-policy); see audit.md
1 and 3.
"""
