"""`duban audit verify`: its codes in words, and what they amount to."""

VERIFY: dict[str, tuple[str, str]] = {
    "cmd.audit.verify": (
        "核验全部留痕：0 成立，1 被改动，2 无法读取，3 不能断定",
        "check everything: 0 holds, 1 tampered with, 2 unreadable, 3 cannot tell",
    ),
    "opt.audit.verify.policy": (
        "策略文件；默认取 DUBAN_LOG_POLICY",
        "policy file; DUBAN_LOG_POLICY by default",
    ),
    "opt.audit.verify.anchor": (
        "他处保存的检查点或打印的锚，可多次给出",
        "a checkpoint or printed anchor kept elsewhere; may be repeated",
    ),
    "opt.audit.verify.receipt": (
        "留痕的证明文件（回执），一个文件可有多份；可多次给出",
        "entries' proofs kept as receipts, one or many to a file; may be repeated",
    ),
    "opt.audit.verify.manifest": (
        "Temporal 流程清单（JSON）",
        "list of the workflows that Temporal knows (JSON)",
    ),
    "opt.audit.verify.temporal": (
        "同时从 Temporal 取得清单与回执",
        "take both list and receipts from Temporal itself",
    ),
    "opt.audit.verify.log_only": (
        "只核验留痕本身，不重算台账（约省一半时间）",
        "check the log alone and do not fold the ledger again; saves half the time",
    ),
    "verify.no_policy": (
        "核验须有策略文件：以 --policy 或 DUBAN_LOG_POLICY 指明。密钥从不取自数据库。",
        "Checking needs a policy file: name one with --policy or DUBAN_LOG_POLICY.",
    ),
    "verify.unreadable": (
        "无法读取 {file}：{reason}",
        "{file} cannot be read: {reason}",
    ),
    "verify.broke_off": (
        "无法读取，没有结论：{reason}",
        "It cannot be read, so nothing is known: {reason}",
    ),
    "verify.running": (
        "正在核验",
        "checking",
    ),
    "verify.seen": (
        "已核验 {entries} 条留痕、{streams} 个序列（{closed} 个已结束）、{checkpoints} 个检查点。",
        "{entries} entries, {streams} streams ({closed} closed), {checkpoints} checkpoints.",
    ),
    "verify.unchecked": (
        "未核验：{what}",
        "Not checked: {what}",
    ),
    "verify.unchecked.key": (
        "标识与请求码是否由留痕密钥算出（密钥只有运行方持有）",
        "whether ids and macs come from the trail's key, which only operations hold",
    ),
    "verify.unchecked.receipts": (
        "回执（未给出 --receipt 或 --temporal）",
        "receipts (neither --receipt nor --temporal gave one)",
    ),
    "verify.unchecked.manifest": (
        "有无整个流程从未入库（未给出 --manifest 或 --temporal）",
        "whether whole workflows never reached the trail (no --manifest, no --temporal)",
    ),
    "verify.unchecked.ledger": (
        "台账是否由留痕推得（--log-only）",
        "whether the ledger is what the entries lead to (--log-only)",
    ),
    "verify.unchecked.words": (
        "{count} 条留痕的检索词，检索尚未收录它们",
        "the words of {count} entries that the search has not taken in yet",
    ),
    "verify.verdict.holds": (
        "成立：所核验的各项全部一致，并与外部锚相符。",
        "It holds: all that was checked is in order and agrees with what others hold.",
    ),
    "verify.verdict.tampered": (
        "不成立：留痕被改动，见上列各项。保持原状并报告监督问责组。",
        "It does not hold: see above. Leave all as it is and call the supervision group.",
    ),
    "verify.verdict.undecided": (
        "不能断定：未见改动，但缺少上列条件。",
        "It cannot be told: no tampering was seen, and what is named above is lacking.",
    ),
    "verify.code.ANCHOR_BAD": (
        "外部锚不是本日志所签",
        "an anchor that no key of the policy signed, or of another log",
    ),
    "verify.code.BACKDATED": (
        "记录时间不在其检查点的时段内",
        "recorded at a time that is not that of its checkpoint",
    ),
    "verify.code.CFG_GRANT": (
        "数据库授权与规定不符",
        "rights in the database are not as they must be",
    ),
    "verify.code.CFG_TRIGGER": (
        "防改触发器与规定不符",
        "guarding triggers are not as they must be",
    ),
    "verify.code.CKPT_COLUMN": (
        "检查点的字段与签署文本不符",
        "a checkpoint's row is not what was signed",
    ),
    "verify.code.CKPT_ORIGIN": (
        "检查点属于另一日志",
        "a checkpoint of another log",
    ),
    "verify.code.CKPT_ROOT": (
        "按留痕重算的根与检查点不符",
        "the entries do not lead to a checkpoint's root",
    ),
    "verify.code.CKPT_SIG": (
        "检查点没有策略所列密钥的签名",
        "a checkpoint that no key of the policy signed",
    ),
    "verify.code.CKPT_TIME": (
        "检查点时间倒流",
        "checkpoints' times run backwards",
    ),
    "verify.code.CLOSED_COUNT": (
        "结束留痕所记条数与实有不符",
        "a closing entry counts another number than is there",
    ),
    "verify.code.COSIG_BAD": (
        "见证签名不成立",
        "a cosignature that does not hold",
    ),
    "verify.code.COSIG_TIME": (
        "见证时间与检查点时间不符",
        "a witness saw it at another time than it tells",
    ),
    "verify.code.DUP_LEAF": (
        "同一留痕占两个位置",
        "one entry has two places",
    ),
    "verify.code.DUP_ORDINAL": (
        "同一序号出现两次",
        "an ordinal is there twice",
    ),
    "verify.code.EMPTY": (
        "没有可核验的留痕",
        "there was nothing to check",
    ),
    "verify.code.ERASURE_NOT_DONE": (
        "留痕称已删除的内容仍在库中",
        "a text that was said to be erased is still there",
    ),
    "verify.code.EQUIVOCATION": (
        "同一条数签署了两个不同的根",
        "two roots of one size were signed",
    ),
    "verify.code.FORK": (
        "与他处所见的日志不是同一个",
        "not the log that others saw",
    ),
    "verify.code.FRONTIER": (
        "检查点的前沿与留痕不符",
        "a checkpoint's frontier is not that of its tree",
    ),
    "verify.code.FUTURE": (
        "事由时间晚于记录时间",
        "an entry dated after it was recorded",
    ),
    "verify.code.INDEX_GAP": (
        "日志位置缺失",
        "places of the log are missing",
    ),
    "verify.code.LEAF_HASH": (
        "留痕内容被改动",
        "an entry's bytes are not those that were hashed",
    ),
    "verify.code.LEDGER": (
        "台账与留痕不符",
        "the ledger is not what the entries tell",
    ),
    "verify.code.MISSING_EVENT": (
        "留痕被删除",
        "an entry is gone",
    ),
    "verify.code.NONCANONICAL": (
        "留痕不是规范写法",
        "an entry is not in its one canonical form",
    ),
    "verify.code.NOT_CLOSED": (
        "已结束的流程没有结束留痕",
        "a workflow is over and its closing entry is missing",
    ),
    "verify.code.ORDINAL_GAP": (
        "序号不连续，有留痕缺失",
        "ordinals are missing",
    ),
    "verify.code.ORIGIN": (
        "留痕属于另一种库（正式或推演）",
        "an entry of another mode than its database",
    ),
    "verify.code.PARSE": (
        "留痕无法读取",
        "an entry cannot be read",
    ),
    "verify.code.PAYLOAD": ("内容与其承诺不符", "a text is not what its entry committed to"),
    "verify.code.PAYLOAD_MISSING": (
        "内容不见了，且没有两人办理的删除留痕",
        "a text is gone without an erasure by two people",
    ),
    "verify.code.PAYLOAD_ORPHAN": ("没有留痕承诺过的内容", "a text that no entry commits to"),
    "verify.code.PROJECTION": (
        "检索字段与留痕内容不符",
        "search columns are not what the entry says",
    ),
    "verify.code.QUORUM": (
        "见证人数不足",
        "too few witnesses cosigned",
    ),
    "verify.code.RECEIPT": (
        "回执所指的留痕已被换掉或删除",
        "a receipt's entry is gone or another",
    ),
    "verify.code.RECEIPT_BAD": (
        "回执本身不成立",
        "a receipt that does not hold by itself",
    ),
    "verify.code.REVEAL": ("启封的内容不是当时密封的", "what was revealed is not what was sealed"),
    "verify.code.SEARCH": (
        "全文检索的词与留痕内容不符",
        "the words by which an entry is found are not its own",
    ),
    "verify.code.STALE": (
        "最近的检查点过旧",
        "the newest checkpoint is too old",
    ),
    "verify.code.TILE": (
        "哈希块与留痕不符",
        "a tile is not that of its entries",
    ),
    "verify.code.TRUNCATED": (
        "日志比他处所见的短",
        "the log is shorter than others saw it",
    ),
    "verify.code.UNANCHORED": (
        "没有外部锚，不能断定",
        "nothing from elsewhere to compare with",
    ),
    "verify.code.UNCHECKPOINTED": (
        "有位置未被任何检查点覆盖",
        "places that no checkpoint covers",
    ),
    "verify.code.UNSEQUENCED": (
        "留痕迟迟没有进入日志",
        "an entry waits too long for its place",
    ),
    "verify.code.WORKFLOW_MISSING": (
        "Temporal 中有而留痕中没有的流程",
        "Temporal knows a workflow that the trail does not",
    ),
    "verify.code.WRITER": (
        "由未获授权的登录写入",
        "written by a login that may not",
    ),
    "col.meaning": (
        "含义",
        "meaning",
    ),
}
