"""Witnesses, policies and key files: commands, answers, and what can be wrong with them."""

WITNESS: dict[str, tuple[str, str]] = {
    # Help.
    "cmd.witness": ("见证：为留痕作外部见证", "witnesses: see the trail only grow, and say so"),
    "cmd.witness.serve": (
        "运行见证服务，直到按 Ctrl-C；不需要数据库",
        "be a witness until Ctrl-C; needs no database",
    ),
    "cmd.witness.keygen": (
        "生成见证密钥，并给出写入策略文件的一行",
        "make a witness's key and print its line for policy files",
    ),
    "opt.witness.serve.policy": (
        "策略文件，写明所见证的日志及其公钥",
        "policy file that names the logs and their keys",
    ),
    "opt.witness.serve.key": ("见证密钥文件", "file of the witness's key"),
    "opt.witness.serve.state": (
        "状态目录，须长期保存；丢失后应更换密钥",
        "folder of its state, to be kept; if it is ever lost, take a new key",
    ),
    "opt.witness.serve.listen": ("监听地址", "where to listen"),
    "opt.witness.serve.new": (
        "策略中有首次见证的日志；只在第一次启动时用，状态丢失后不得再用",
        "some log of the policy is new to it; for the first start only, never after a loss",
    ),
    "opt.witness.keygen.name": (
        "密钥名称，例如 witness.example.org/w1，不含空格和加号",
        "name of the key, as witness.example.org/w1, without blanks and plus signs",
    ),
    "opt.witness.keygen.file": ("写入私钥的新文件", "new file for the private key"),
    # Answers.
    "witness.ready": ("见证 {name} 已就绪，地址 {address}", "witness {name} is ready at {address}"),
    "witness.key_made": (
        "私钥已写入 {path}，只有本人可读，请妥善保管。写入策略文件的一行：",
        "The private key is in {path}, readable by its owner only. The line for policy files:",
    ),
    # What goes wrong with a witness.
    "witness.no_logs": (
        "策略文件 {file} 没有写明任何日志。加上 log 一行后重试。",
        "The policy {file} names no log. Add a log line and try again.",
    ),
    "witness.cannot_listen": (
        "无法监听 {address}（{reason}）。用 --listen 换一个地址。",
        "Cannot listen at {address} ({reason}). Choose another address with --listen.",
    ),
    "witness.log_never_seen": (
        (
            "状态目录 {folder} 中没有日志 {origin} 的记录。首次见证此日志，加 --new 启动一次；"
            "见证过而记录丢失的，请停用此密钥，另换新密钥和新目录。"
        ),
        (
            "The state {folder} knows nothing of the log {origin}. If this witness has never seen "
            "it, start once with --new. If it has and the state is lost, retire this key and "
            "start with a new key and a new folder."
        ),
    ),
    "witness.nothing_new": (
        "状态目录 {folder} 已有策略中全部日志的记录。去掉 --new 再启动。",
        "The state {folder} knows every log of the policy already. Start without --new.",
    ),
    "witness.state_taken": (
        "状态目录 {folder} 正由另一个进程使用。一把密钥只能由一个进程使用。",
        "Another process uses the state {folder}. One key is for one process only.",
    ),
    "witness.state_unusable": (
        "状态目录 {folder} 无法使用（{reason}）。检查路径与权限。",
        "The state {folder} cannot be used ({reason}). Check the path and its permissions.",
    ),
    "witness.state_broken": (
        "状态文件 {file} 已损坏。从副本恢复不可取，请停用此密钥，另换新密钥和新目录。",
        (
            "The state file {file} is broken. Do not restore an old copy; retire this key and "
            "start with a new key and a new folder."
        ),
    ),
    # Key files.
    "key_file.name": (
        "“{name}”不能作密钥名称：须不空，且不含空格和加号。",
        "“{name}” cannot name a key: it must not be empty or hold blanks or plus signs.",
    ),
    "key_file.exists": (
        "文件 {file} 已存在，密钥从不覆盖。请另选文件名。",
        "{file} exists already and keys are never overwritten. Choose another file.",
    ),
    "key_file.unwritable": (
        "无法写入 {file}（{reason}）。检查路径与权限。",
        "{file} cannot be written ({reason}). Check the path and its permissions.",
    ),
    "key_file.unreadable": (
        "无法读取密钥文件 {file}（{reason}）。检查路径与权限。",
        "The key file {file} cannot be read ({reason}). Check the path and its permissions.",
    ),
    "key_file.invalid": (
        "{file} 不是私钥文件。用 keygen 生成。",
        "{file} holds no private key. Make one with keygen.",
    ),
    "key_file.other_use": (
        "{file} 中的密钥不是此用途：日志与见证各用各的密钥。",
        "The key in {file} is for another use: logs and witnesses have keys of their own.",
    ),
    # Policy files.
    "policy_file.unreadable": (
        "无法读取策略文件 {file}（{reason}）。检查路径与权限。",
        "The policy {file} cannot be read ({reason}). Check the path and its permissions.",
    ),
    "policy_file.control_character": (
        (
            "策略文件 {file} 第 {line} 行含有控制字符 {found}。"
            "行末只能是换行符（LF），空白只能是空格或制表符。"
        ),
        (
            "Line {line} of the policy {file} holds the control character {found}. Lines end "
            "with LF alone; blanks are spaces or tabs."
        ),
    ),
    "policy_file.keyword": (
        "策略文件 {file} 第 {line} 行：不认识“{found}”。",
        "Line {line} of the policy {file}: “{found}” is not known.",
    ),
    "policy_file.words": (
        "策略文件 {file} 第 {line} 行：{found} 后面的词数不对。",
        "Line {line} of the policy {file}: {found} takes another number of words.",
    ),
    "policy_file.key": (
        "策略文件 {file} 第 {line} 行：“{found}”处应为公钥（log 用日志公钥，witness 用见证公钥）。",
        (
            "Line {line} of the policy {file}: at “{found}” a public key is needed, a log's in a "
            "log line and a witness's in a witness line."
        ),
    ),
    "policy_file.key_twice": (
        "策略文件 {file} 第 {line} 行：{found} 的公钥前面已经用过。",
        "Line {line} of the policy {file}: the key of {found} stands there twice.",
    ),
    "policy_file.key_weak": (
        "策略文件 {file} 第 {line} 行：“{found}”的公钥无效，人人都可冒签。请向其持有人核对。",
        (
            "Line {line} of the policy {file}: the key of “{found}” binds nobody; anybody could "
            "sign for it. Ask its holder for the right one."
        ),
    ),
    "policy_file.name_twice": (
        "策略文件 {file} 第 {line} 行：名称“{found}”已被占用。",
        "Line {line} of the policy {file}: the name “{found}” is taken.",
    ),
    "policy_file.name_unknown": (
        "策略文件 {file} 第 {line} 行：“{found}”须先在上面写明。",
        "Line {line} of the policy {file}: “{found}” must be defined above.",
    ),
    "policy_file.member_twice": (
        "策略文件 {file} 第 {line} 行：“{found}”只能归入一个组一次。",
        "Line {line} of the policy {file}: “{found}” can be a member only once.",
    ),
    "policy_file.threshold": (
        "策略文件 {file} 第 {line} 行：“{found}”应为 any、all 或 1 至成员数之间的整数。",
        (
            "Line {line} of the policy {file}: “{found}” must be any, all or a number from 1 to "
            "the number of members."
        ),
    ),
    "policy_file.number": (
        "策略文件 {file} 第 {line} 行：“{found}”应为整秒数。",
        "Line {line} of the policy {file}: “{found}” must be a number of whole seconds.",
    ),
    "policy_file.line_twice": (
        "策略文件 {file} 第 {line} 行：{found} 只能写一次。",
        "Line {line} of the policy {file}: {found} can be said only once.",
    ),
    "policy_file.quorum_missing": (
        "策略文件 {file} 到第 {line} 行为止没有 quorum 一行。不需要见证时写 quorum none。",
        (
            "The policy {file} has no quorum line up to its end at line {line}. Where no witness "
            "is needed write quorum none."
        ),
    ),
    "policy_file.origin_unknown": (
        "策略文件 {file} 第 {line} 行：没有名为“{found}”的日志。",
        "Line {line} of the policy {file}: there is no log of the name “{found}”.",
    ),
}
