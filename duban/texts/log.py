"""The sequencer: its commands, and why it refuses to sign."""

LOG: dict[str, tuple[str, str]] = {
    "cmd.sequencer": (
        "签名进程：为每条留痕编定序号并签署检查点；可多处待命，一处主持",
        "give entries their places in the log and sign for it; one leads, others stand by",
    ),
    "cmd.sequencer.keygen": (
        "生成日志密钥，并给出写入策略文件的一行",
        "make a log's key and print its line for policy files",
    ),
    "opt.sequencer.keygen.name": (
        "日志名称，例如 duban.example.org/log，不含空格和加号",
        "name of the log, as duban.example.org/log, without blanks and plus signs",
    ),
    "opt.sequencer.keygen.file": ("写入私钥的新文件", "new file for the private key"),
    "sequencer.key_made": (
        "私钥已写入 {path}，只有本人可读，请妥善保管。写入策略文件的一行：",
        "The private key is in {path}, readable by its owner only. The line for policy files:",
    ),
    "server.sequencer": ("签名进程", "sequencer"),
    "log.key_missing": (
        "没有日志密钥。用 duban sequencer keygen 生成，并以 {variable} 指明其文件。",
        (
            "There is no key to sign with. Make one with duban sequencer keygen and name its file "
            "in {variable}."
        ),
    ),
    "log.key_invalid": (
        "所给的不是日志密钥（{reason}）。检查 DUBAN_LOG_KEY。",
        "What was given is no key of a log ({reason}). Check DUBAN_LOG_KEY.",
    ),
    "log.key_unknown": (
        (
            "此日志由 {signed_by} 签署，不是 {key}。更换密钥时，在密钥文件第二行写明原密钥"
            "（遗失时写其公钥）。"
        ),
        (
            "This log is signed by {signed_by}, not {key}. To change keys, put the old one on the "
            "second line of the key file (its public key if it is lost)."
        ),
    ),
    "log.key_retired": (
        "密钥 {key} 曾签署此日志，后已更换，不能再用。用 duban sequencer keygen 另制新密钥。",
        (
            "The key {key} signed this log before and was retired. Make another one with duban "
            "sequencer keygen."
        ),
    ),
    "log.key_name": (
        "密钥名称是 {name}，日志名称是 {origin}，两者须一致。用同一名称生成新密钥。",
        "The key is of {name} and the log is {origin}. Make a key of the log's own name.",
    ),
    "log.not_in_policy": (
        "策略文件 {file} 没有日志 {origin} 的公钥，无人能信任其签名。先补上 log 一行。",
        "The policy {file} has no key of the log {origin}, so nobody trusts it. Add its log line.",
    ),
    "log.rolled_back": (
        (
            "见证 {witness} 见过 {seen} 条，数据库只有 {size} 条：数据库被退回到过去。已停止签名，"
            "请报告监督问责组，恢复较新的备份后重新启动。"
        ),
        (
            "The witness {witness} has seen {seen} entries and the database holds {size}: it was "
            "set back. Nothing is signed. Tell the supervision group, restore the newer state and "
            "start again."
        ),
    ),
    "log.forked": (
        (
            "见证 {witness} 持有本日志签署的另一份 {size} 条的记录：数据库曾被退回后另行续写。"
            "已停止签名，请报告监督问责组。"
        ),
        (
            "The witness {witness} holds another tree of {size} entries that this log signed: the "
            "database was set back and went on differently. Nothing is signed. Tell the "
            "supervision group."
        ),
    ),
    "log.contested": (
        "另一个签名进程抢先了，没有签署任何内容，稍后自动重试。",
        "Another sequencer was quicker; nothing was signed, and it is tried again by itself.",
    ),
    "log.incomplete": (
        "日志缺少其规模应有的内容。用 duban audit verify 核验，并报告监督问责组。",
        (
            "The log lacks what its size promises. Check it with duban audit verify and tell the "
            "supervision group."
        ),
    ),
}
