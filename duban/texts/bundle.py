"""Bundles, proofs and anchors: commands, answers, and what can stand in their way."""

BUNDLE: dict[str, tuple[str, str]] = {
    # Help.
    "cmd.audit.export": (
        "导出留痕与全部证明，附独立核验程序 verify.py",
        "write entries with all that proves them, and verify.py, which needs no Duban",
    ),
    "cmd.audit.proof": (
        "一条留痕的证明文件（C2SP tlog-proof）",
        "one entry's proof as a file (C2SP tlog-proof)",
    ),
    "cmd.audit.verify-entry": (
        "核验一条留痕的证明文件，不需要数据库；0 成立，1 不成立，3 不能断定",
        "check the file of an entry's proof without a database; 0 holds, 1 false, 3 cannot be told",
    ),
    "cmd.audit.consistency": (
        "证明较早的检查点是较晚的前段（两个检查点的条数）",
        "prove that an older checkpoint begins a newer one (both by their sizes)",
    ),
    "cmd.audit.anchor": (
        "打印锚：日志名称、条数、根与校验位，附二维码；请另处保存",
        "print an anchor: origin, size, root, check digits and a QR code; keep it elsewhere",
    ),
    "opt.audit.export.bundle": ("写入的新文件，如 out.zip", "the new file, as out.zip"),
    "opt.audit.export.all": ("整个日志", "the whole log"),
    "opt.audit.export.policy": (
        "策略文件；默认取 DUBAN_LOG_POLICY",
        "policy file; DUBAN_LOG_POLICY by default",
    ),
    "opt.audit.export.anchor": (
        "读者手中的锚：一并导出通向它的证明",
        "anchors the reader holds: the proof towards them goes along",
    ),
    "opt.audit.proof.out": ("写入的新文件；默认打印", "a new file for it; printed by default"),
    "opt.audit.verify-entry.file": ("证明文件", "the file of the proof"),
    "opt.audit.verify-entry.policy": (
        "另处取得的策略文件；没有则不能断定",
        "policy file from elsewhere; nothing can be told without",
    ),
    "opt.audit.consistency.old": ("较早的条数", "the smaller size"),
    "opt.audit.consistency.new": ("较晚的条数", "the larger size"),
    "opt.audit.anchor.policy": (
        "策略文件；默认取 DUBAN_LOG_POLICY，有则只取见证数足够的检查点",
        "policy file, DUBAN_LOG_POLICY by default; with one, a checkpoint with its quorum is taken",
    ),
    "opt.audit.anchor.png": ("二维码另存为图片", "write the QR code as a picture too"),
    # Answers.
    "bundle.written": (
        "已导出 {entries} 条（{streams} 条记录流），检查点 {size} 条，清单摘要 {digest}。",
        "{entries} entries of {streams} streams up to the checkpoint of {size}; manifest {digest}.",
    ),
    "bundle.how_to_check": (
        "核验：python3 -I verify.py {path} --policy 策略文件",
        "To check it: python3 -I verify.py {path} --policy POLICY",
    ),
    "bundle.grown": (
        "{old} 条时的检查点是 {new} 条时的前段。",
        "The checkpoint of {old} begins that of {new}.",
    ),
    "bundle.entry.holds": (
        "成立：序号 {index}，在 {origin} 的 {size} 条之中。",
        "It holds: index {index}, among the {size} entries of {origin}.",
    ),
    "bundle.entry.LEAF_HASH": (
        "LEAF_HASH  证明不通向检查点的根。",
        "LEAF_HASH  The proof does not lead to the root.",
    ),
    "bundle.entry.CKPT_SIG": (
        "CKPT_SIG  检查点没有策略文件中日志密钥的有效签名。",
        "CKPT_SIG  No log key of the policy has signed the checkpoint.",
    ),
    "bundle.entry.QUORUM": ("QUORUM  见证数不足。", "QUORUM  Too few witnesses have cosigned."),
    "bundle.entry.UNANCHORED": (
        "UNANCHORED  没有外部见证，不能断定。用 --policy 给出含见证的策略文件。",
        "UNANCHORED  Nothing outside vouches for it. Name a policy with witnesses by --policy.",
    ),
    # What goes wrong.
    "bundle.error": ("导出未成：{reason}。", "The export failed: {reason}."),
    "bundle.exists": (
        "{path} 已存在，不予覆盖。另选文件名。",
        "{path} exists. Choose another name.",
    ),
    "bundle.folder": (
        "{path} 无法写入（{reason}）。换一处。",
        "{path} cannot be written ({reason}). Choose another place.",
    ),
    "bundle.unreadable": ("{path} 无法读取（{reason}）。", "{path} cannot be read ({reason})."),
    "bundle.no_checkpoint": (
        "日志还没有检查点。确认签名进程在运行（duban sequencer）。",
        "The log has no checkpoint yet. See that a sequencer runs (duban sequencer).",
    ),
    "bundle.no_quorum": (
        "近来没有见证数足够的检查点。确认见证在运行。",
        "No checkpoint of late has the quorum. See that the witnesses run.",
    ),
    "bundle.nothing": (
        "日志中没有专项 {campaign} 的留痕。用 duban campaign list 查对编号。",
        "The log holds no entry of campaign {campaign}. Look it up with duban campaign list.",
    ),
    "bundle.incomplete": (
        "日志缺少第 {index} 条，可能遭改动。保持现状，运行 duban audit check 并报告监督问责组。",
        (
            "Entry {index} of the log is missing and may have been taken away. Leave all as it is, "
            "run duban audit check and tell the supervision group."
        ),
    ),
    "bundle.no_entry": (
        "没有留痕 {id}。用 duban audit list 查对编号。",
        "There is no entry {id}. Look it up with duban audit list.",
    ),
    "bundle.not_logged": (
        "留痕 {id} 尚未列入检查点。稍候再试。",
        "No checkpoint covers {id} yet. Try again in a moment.",
    ),
    "bundle.no_such_size": (
        "没有 {size} 条时的检查点。",
        "There is no checkpoint of {size} entries.",
    ),
    "bundle.sizes": (
        "较早的条数须大于零，且不大于较晚的：{old}，{new}。",
        "The first size must be above zero and not larger than the second: {old}, {new}.",
    ),
    "bundle.one_of_both": (
        "用 --campaign 指明专项，或用 --all 导出整个日志，二者取一。",
        "Name a campaign with --campaign, or take the whole log with --all: one of both.",
    ),
}
