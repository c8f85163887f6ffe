"""What Temporal remembers of the trail, and how the witnesses stand to it."""

REMEMBERED: dict[str, tuple[str, str]] = {
    "opt.audit.verify.state": (
        "本机保存的上次核验状态：有则从上次已核验处接续，成立后更新",
        "what the last run left on this machine: go on from there, and renew it if all holds",
    ),
    "opt.audit.verify.from_zero": (
        "不接续，全部重新核验",
        "check everything again, whatever the last run left",
    ),
    "verify.unchecked.earlier": (
        "前 {count} 条留痕：{since} 已核验，本次只核对其树根，未再逐条核验（--from-zero 全部重验）",
        (
            "the first {count} entries once more: they were checked on {since}, and now only that "
            "the tree still begins with them (--from-zero checks all)"
        ),
    ),
    "verify.state_damaged": (
        "核验状态 {file} 已损坏或被改动（{reason}）。删除它，从头核验。",
        "The state {file} is damaged or was altered ({reason}). Remove it and check from zero.",
    ),
    "verify.state_other_log": (
        "核验状态 {file} 属于另一日志（{origin}）。换一个文件。",
        "The state {file} is of another log ({origin}). Name another file.",
    ),
    "verify.state_other_policy": (
        "核验状态 {file} 是按另一份策略得出的。用 --from-zero 从头核验。",
        "The state {file} was left under another policy. Check from zero with --from-zero.",
    ),
    "verify.state_unwritable": (
        "核验状态 {file} 无法写入：{reason}",
        "The state {file} cannot be written: {reason}",
    ),
    "cmd.audit.manifest": (
        "由 Temporal 列出各流程的留痕条数与是否已结束",
        "list by what Temporal knows: entries of each campaign, and whether it is over",
    ),
    "opt.audit.manifest.file": ("写入的新文件", "a new file for it"),
    "cmd.audit.receipts": (
        "收集各流程历史中保存的回执（内含留痕）",
        "collect the receipts kept in Temporal's histories; the entries are in them",
    ),
    "opt.audit.receipts.file": ("写入的新文件", "a new file for them"),
    "remembered.manifest": (
        "已列出 {streams} 个流程：{path}。核验：duban audit verify --manifest {path}",
        "{streams} campaigns listed: {path}. To check by it: duban audit verify --manifest {path}",
    ),
    "remembered.from_history": (
        "没有工作进程作答，仅据历史列出（条数只少不多）：{streams}",
        "No worker answered for these, so their counts may be low: {streams}",
    ),
    "remembered.receipts": (
        "{streams} 个流程的 {receipts} 份回执：{path}。核验：duban audit verify --receipt {path}",
        (
            "{receipts} receipts of {streams} campaigns: {path}. To check by them: "
            "duban audit verify --receipt {path}"
        ),
    ),
    "remembered.none": (
        "历史中没有回执，未写文件。推演不留回执；正式专项的回执在决定之后数分钟取得。",
        (
            "No history holds a receipt, so nothing was written. Rehearsals keep none; a live "
            "campaign has its receipts minutes after its decisions."
        ),
    ),
    "temporal.unreadable": (
        "无法读取流程 {workflow} 的历史：{reason}",
        "The history of {workflow} cannot be read: {reason}",
    ),
    "cmd.audit.witness-status": (
        "逐一询问见证：是否在线、见到多少条、见证数是否足够；0 足够，1 与数据库不符，3 不能断定",
        (
            "ask every witness: reachable, how far it has seen, whether the quorum holds; "
            "0 it does, 1 a witness saw another log, 3 cannot tell"
        ),
    ),
    "opt.audit.witness-status.policy": (
        "策略文件；默认取 DUBAN_LOG_POLICY",
        "policy file; DUBAN_LOG_POLICY by default",
    ),
    "standing.seen": (
        "最近的检查点 {size} 条；见证数足够至 {vouched} 条。",
        "The newest checkpoint covers {size} entries; the quorum vouches for {vouched}.",
    ),
    "standing.holds": ("见证数足够。", "The quorum holds."),
    "standing.tampered": (
        "有见证见过与数据库不同的日志。保持原状并报告监督问责组。",
        "A witness saw another log than this. Leave all as it is and call the supervision group.",
    ),
    "standing.undecided": (
        "不能断定：{why}。",
        "It cannot be told: {why}.",
    ),
    "col.size": ("见证至", "cosigned up to"),
    "col.root": ("根", "root"),
    "col.outcome_of_asking": ("答复", "answer"),
    "col.behind": ("落后条数", "behind"),
    "col.cosigned_at": ("见证时间", "cosigned at"),
    "col.clock_off": ("时钟差（秒）", "clock differs (s)"),
    "witness_answer.held": ("在线", "reachable"),
    "witness_answer.refused": ("拒绝", "refused"),
    "witness_answer.untrusted": ("答复不可信", "not to be believed"),
    "witness_answer.away": ("不可达", "not reachable"),
}
