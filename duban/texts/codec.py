"""Keys of payloads and the codec server: commands, answers, and what can be wrong with them."""

CODEC: dict[str, tuple[str, str]] = {
    # Help.
    "cmd.codec": (
        "载荷密钥：Temporal 所存内容的加密",
        "keys of payloads: what Temporal keeps is enciphered",
    ),
    "cmd.codec.keys": (
        "列出密钥编号，第一个用于加密，其余只用于解密；不显示密钥",
        "list the ids of the keys: the first enciphers, the others only open; never a key",
    ),
    "cmd.codec.new-key": (
        "在密钥文件第一行加入新密钥，旧密钥保留；重启后启用",
        "give the key file a new first key and keep the old ones; it counts after a restart",
    ),
    "cmd.codec.serve": (
        "运行解密服务，供 Temporal 网页显示内容，直到按 Ctrl-C；启动即记入留痕",
        "open payloads for Temporal's web pages until Ctrl-C; that it is started is on the trail",
    ),
    "opt.codec.serve.port": ("监听端口，只在本机", "port to listen at, on this machine only"),
    "opt.codec.serve.origin": (
        "网页的地址，只有它的脚本可以调用；默认为内置网页",
        "address of the web pages, whose scripts alone may ask; by default the embedded ones",
    ),
    # Answers.
    "codec.key_added": (
        "新密钥 {id} 已写入 {file} 第一行。备份该文件，然后重启全部进程。",
        (
            "The new key {id} is the first line of {file}. Back the file up, "
            "then restart all processes."
        ),
    ),
    "codec.ready": (
        (
            "解密服务已就绪：{address}，只接受来自 {origin} 的网页。令牌存于 {file}，"
            "以 Authorization: Bearer 发送。在浏览器中打开一次 {address}/login 并粘贴令牌，"
            "再在网页的 Codec Server 设置中选择包含跨域凭据。"
        ),
        (
            "Payloads are opened at {address}, for web pages from {origin} only. The token is in "
            "{file}; send it as Authorization: Bearer. In a browser open {address}/login once and "
            "paste the token, then have the pages include cross-origin credentials (their "
            "settings, Codec Server)."
        ),
    ),
    "codec.login": ("粘贴令牌", "Paste the token"),
    "codec.logged_in": (
        "可以回到 Temporal 网页了。",
        "Go back to Temporal's pages.",
    ),
    "codec.active": ("加密并解密", "enciphers and opens"),
    "codec.opens_only": ("只解密", "opens only"),
    "col.key_id": ("密钥编号", "key"),
    "col.key_use": ("用途", "use"),
    # What the doctor finds.
    "doctor.name.keys": ("载荷密钥", "keys of payloads"),
    "doctor.name.payloads": ("载荷加密", "payloads"),
    "doctor.keys.ok": (
        "{count} 个，用于加密的是 {active}",
        "{count} there; {active} enciphers",
    ),
    "doctor.payloads.ok": ("Temporal 中的内容已加密", "Temporal keeps them enciphered"),
    "doctor.payloads.none": ("Temporal 中尚无内容", "Temporal keeps none yet"),
    "doctor.payloads.bad": (
        (
            "Temporal 中最新的工作流未加密（{encoding}）。升级前开始的，期满后随历史删除；"
            "否则有进程没有使用密钥，查明并更换。"
        ),
        (
            "The newest workflow lies open in Temporal ({encoding}). If it began before the "
            "upgrade, it goes with its history; otherwise some process works without the keys: "
            "find and replace it."
        ),
    ),
    # What goes wrong.
    "stack.payload_keys_missing": (
        "使用自备的数据库或 Temporal 时须设置 {variable}：密钥文件的路径，各进程内容一致。",
        (
            "With a database or a Temporal of your own set {variable}: the path of the key file, "
            "with the same keys for every process."
        ),
    ),
    "payload_keys.unreadable": (
        "密钥文件 {file} 无法读取（{reason}）。检查路径和权限。",
        "The key file {file} cannot be read ({reason}). Check its path and its mode.",
    ),
    "payload_keys.unwritable": (
        "密钥文件 {file} 无法改写（{reason}）。检查权限和磁盘；原文件未变。",
        "The key file {file} cannot be changed ({reason}). Check mode and disk; it is as it was.",
    ),
    "payload_keys.empty": (
        "密钥文件 {file} 中没有密钥。写入一行：64 位十六进制数（openssl rand -hex 32）。",
        (
            "The key file {file} holds no key. Write one line of 64 hexadecimal digits "
            "(openssl rand -hex 32)."
        ),
    ),
    "payload_keys.not_a_key": (
        "密钥文件 {file} 第 {line} 行不是密钥。应为 64 位十六进制数或 32 字节的 base64。",
        (
            "Line {line} of the key file {file} is no key: 64 hexadecimal digits or 32 bytes in "
            "base64 are needed."
        ),
    ),
    "payload_keys.twice": (
        "密钥文件 {file} 第 {line} 行与前面的密钥相同。删去其中一行。",
        "Line {line} of the key file {file} repeats a key above it. Delete one of the two.",
    ),
    "codec.cannot_listen": (
        "无法监听 {address}（{reason}）。用 --port 换一个端口。",
        "Cannot listen at {address} ({reason}). Choose another port with --port.",
    ),
    "payload.key_unknown": (
        "载荷由密钥 {key} 加密，密钥文件中没有它。把该密钥加回文件并重启；此前不会丢失任何内容。",
        (
            "A payload was enciphered with the key {key}, which the key file lacks. Add its line "
            "and restart; nothing is lost until then."
        ),
    ),
    "payload.damaged": (
        "{of} 的载荷已损坏或被改动，无法解密。核对 Temporal 数据库，必要时从备份恢复。",
        (
            "A payload of {of} is damaged or was changed and does not open. Check Temporal's "
            "database; restore it from a backup if need be."
        ),
    ),
    "payload.moved": (
        "在 {found} 中发现属于 {of} 的载荷，不予解密。有人改动了 Temporal 数据库，请查明。",
        (
            "A payload of {of} stands in {found} and is not opened. Somebody changed Temporal's "
            "database; find out who."
        ),
    ),
}
