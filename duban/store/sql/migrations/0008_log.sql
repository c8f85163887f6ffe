-- The log over the trail (audit.md 3.3-3.5): a place for every entry in one Merkle tree, the tree in
-- tiles, the signed checkpoints, what witnesses cosigned; and the texts that are behind commitments.

SET LOCAL ROLE audit_owner;

-- The place of each entry, without gaps from 0 on, and the hash of its exact bytes.
CREATE TABLE audit.leaf (
  leaf_index bigint PRIMARY KEY CHECK (leaf_index >= 0),
  event_id   uuid   NOT NULL UNIQUE,
  leaf_hash  bytea  NOT NULL CHECK (octet_length(leaf_hash) = 32)
);

-- Full tiles only (C2SP tlog-tiles): 256 hashes of perfect subtrees of 256^level leaves. `root` is the
-- hash over all of them, which the tile one level up holds once it is full too.
CREATE TABLE audit.tile (
  level      int    NOT NULL CHECK (level >= 0),
  tile_index bigint NOT NULL CHECK (tile_index >= 0),
  hashes     bytea  NOT NULL CHECK (octet_length(hashes) = 8192),
  root       bytea  NOT NULL CHECK (octet_length(root) = 32),
  PRIMARY KEY (level, tile_index)
);
-- Hashes do not compress, and a proof reads a part of them only.
ALTER TABLE audit.tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- One signed statement per batch. `frontier` holds the roots of the perfect subtrees, largest first:
-- all that is needed to let the tree grow. `first_key` (name+id) is the key of the first signature.
CREATE TABLE audit.checkpoint (
  tree_size  bigint PRIMARY KEY CHECK (tree_size > 0),
  root       bytea  NOT NULL CHECK (octet_length(root) = 32),
  frontier   bytea  NOT NULL CHECK (octet_length(frontier) % 32 = 0),
  created_us bigint NOT NULL,  -- clock of the sequencer
  first_key  text   COLLATE "C" NOT NULL,
  note       text   NOT NULL
);

CREATE TABLE audit.cosignature (
  tree_size bigint NOT NULL REFERENCES audit.checkpoint,
  witness   text   COLLATE "C" NOT NULL,
  line      text   NOT NULL,
  signed_us bigint NOT NULL,  -- clock of the witness, also inside the line
  PRIMARY KEY (tree_size, witness)
);

-- What an entry commits to without saying it; it can be erased, and is not hashed itself.
CREATE TABLE audit.payload (
  event_id         uuid   NOT NULL,
  slot             text   COLLATE "C" NOT NULL,
  class            text   NOT NULL CHECK (class IN ('normal', 'personal', 'embargo')),
  embargo_until_us bigint,
  salt             bytea  NOT NULL CHECK (octet_length(salt) = 32),
  body             bytea  NOT NULL,
  enc              text   NOT NULL DEFAULT 'none',
  PRIMARY KEY (event_id, slot)
);

DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['leaf', 'tile', 'checkpoint', 'cosignature'] LOOP
    EXECUTE format('CREATE TRIGGER deny_row BEFORE UPDATE OR DELETE ON audit.%I '
                   'FOR EACH ROW EXECUTE FUNCTION audit.deny()', v_table);
    EXECUTE format('CREATE TRIGGER deny_truncate BEFORE TRUNCATE ON audit.%I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION audit.deny()', v_table);
    EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER deny_row', v_table);
    EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER deny_truncate', v_table);
  END LOOP;
END $$;

-- Row security on this small table only: on a large one it keeps searches from their indexes.
ALTER TABLE audit.payload ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.payload FORCE ROW LEVEL SECURITY;
CREATE POLICY payload_written ON audit.payload FOR INSERT TO audit_writer WITH CHECK (true);
CREATE POLICY payload_supervised ON audit.payload FOR SELECT TO audit_supervisor USING (true);
CREATE POLICY payload_read ON audit.payload FOR SELECT TO audit_reader USING (
  class = 'normal'
  OR (class = 'embargo' AND embargo_until_us <= (extract(epoch FROM now()) * 1000000)::bigint));

REVOKE ALL ON audit.leaf, audit.tile, audit.checkpoint, audit.cosignature, audit.payload FROM PUBLIC;
GRANT INSERT ON audit.leaf, audit.tile, audit.checkpoint, audit.cosignature TO audit_sequencer;
GRANT SELECT ON audit.leaf, audit.tile, audit.checkpoint TO audit_sequencer;
GRANT SELECT ON audit.leaf, audit.tile, audit.checkpoint, audit.cosignature
  TO audit_reader, audit_verifier, audit_supervisor;
GRANT INSERT ON audit.payload TO audit_writer;
GRANT SELECT ON audit.payload TO audit_reader, audit_supervisor;
-- The sequencer speaks too: heartbeats and changes of the log's key, in the stream `log`.
GRANT EXECUTE ON FUNCTION audit.append(text, uuid[], text[], bytea[]) TO audit_sequencer;

RESET ROLE;
