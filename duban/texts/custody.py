"""Sealing, revealing and erasing: commands, answers, and what can stand in their way."""

CUSTODY: dict[str, tuple[str, str]] = {
    # Help.
    "cmd.audit.seal-key": (
        "为监督问责组生成密封用的一对密钥：私钥入文件，公钥打印",
        "make a group's keys for sealing: the private one to a file, the public one printed",
    ),
    "cmd.audit.seal": (
        "密封一份内容（如暗访计划）：留痕只见时间与承诺，内容只有持钥者能开",
        "seal a text (as an inspection's plan): the trail shows a time and a commitment, no more",
    ),
    "cmd.audit.reveal": (
        "启封：公开密封时的内容，人人可核验与当时的承诺一致",
        "reveal what was sealed, so that everybody can check it against its commitment",
    ),
    "cmd.audit.erase": (
        "删除留痕所承诺的个人信息：一人申请（request），另一人批准（approve）",
        "erase a personal text behind a commitment: one asks (request), another grants (approve)",
    ),
    "opt.audit.seal-key.name": (
        "密钥名称，例如 supervision-2027，不含空格和加号",
        "name of the key, as supervision-2027, without blanks and plus signs",
    ),
    "opt.audit.seal-key.file": ("写入私钥的新文件", "new file for the private key"),
    "opt.audit.seal.recipient": (
        "公钥文件（seal-key 打印的一行）",
        "file of the public key: the line that seal-key printed",
    ),
    "opt.audit.seal.file": ("待密封的文本文件（UTF-8）", "the text to seal (UTF-8)"),
    "opt.audit.seal.decoy": (
        "只写一条看似密封的空条目；同时给出 --file 则大小相同",
        "write an entry that only looks like one; of the size of --file, if that is given",
    ),
    "opt.audit.reveal.entry": (
        "密封留痕的编号（sealed#序号或标识）",
        "the sealed entry, by sealed#ordinal or its id",
    ),
    "opt.audit.reveal.key": ("私钥文件", "file of the private key"),
    "opt.audit.erase.step": (
        "request 申请，approve 批准",
        "request to ask for it, approve to grant it",
    ),
    "opt.audit.erase.entry": (
        "申请时为留痕编号，批准时为申请的编号（erasure#序号）",
        "the entry when asking, the request (erasure#ordinal) when granting",
    ),
    "opt.audit.erase.slot": ("内容的栏位名（申请时）", "which text of the entry (when asking)"),
    "opt.audit.erase.basis": ("法律依据（申请时）", "the legal basis (when asking)"),
    **{
        f"opt.audit.{verb}.{name}": words
        for verb in ("seal", "reveal", "erase")
        for name, words in {
            "actor": (
                "办理人编号；默认取 DUBAN_ACTOR",
                "who does it; DUBAN_ACTOR by default",
            ),
            "role": ("以何角色办理", "in which role"),
        }.items()
    },
    # Answers.
    "seal.key_made": (
        "私钥已写入 {path}，由监督问责组在他处妥善保管。交给密封人员的公钥：",
        "The private key is in {path}; the group keeps it elsewhere. The line for those who seal:",
    ),
    "seal.sealed": (
        "已密封：{id}",
        "sealed: {id}",
    ),
    "seal.revealed": (
        "已启封 {target}，见 {id}。",
        "{target} is revealed by {id}.",
    ),
    "erase.requested": (
        "已申请：{id}，须由另一人批准",
        "asked for: {id}; another person has to grant it",
    ),
    "erase.done": (
        "已删除：{id}",
        "erased: {id}",
    ),
    "verify.unchecked.sealed": (
        "{count} 条未启封的密封留痕的内容（承诺与密文已核对，内容须待启封）",
        "what {count} sealed entries are about (their boxes are those committed to)",
    ),
    # What goes wrong.
    "seal.nothing": (
        "没有可密封的内容：给出 --file，或用 --decoy 写空条目。",
        "There is nothing to seal: give --file, or --decoy for an entry without meaning.",
    ),
    "seal.unreadable": (
        "{path} 无法读取（{reason}）。须为 UTF-8 文本。",
        "{path} cannot be read ({reason}). It must be UTF-8 text.",
    ),
    "seal.refused": (
        "不能密封或启封（{reason}）。核对密钥。",
        "It cannot be sealed or opened ({reason}). See that it is the right key.",
    ),
    "seal.not_committed": (
        "{id} 中的内容与承诺不符，不予启封。保持原状并报告监督问责组。",
        "What is in {id} is not what was committed to. Leave it and tell the supervision group.",
    ),
    "seal.too_long": (
        "内容过长（启封时 {size} 字节，上限 {limit}）。缩短，或只密封文件的摘要。",
        "It is too long ({size} bytes when revealed, {limit} at most). Seal its digest instead.",
    ),
    "seal.key_public": (
        "{file} 不是密封公钥。用 duban audit seal-key 打印的一行。",
        "{file} holds no public key for sealing. Use the line that duban audit seal-key printed.",
    ),
    "seal.key_private": (
        "{file} 不是密封私钥文件。用 duban audit seal-key 生成。",
        "{file} holds no private key for sealing. Make one with duban audit seal-key.",
    ),
    "erase.step": (
        "不认识“{step}”：申请用 request，批准用 approve。",
        "{step} is not known: request asks for an erasure, approve grants one.",
    ),
    "erase.slot_and_basis": (
        "申请须写明 --slot 和 --basis；批准时不写，以申请为准。",
        "Asking needs --slot and --basis; granting takes them from the request.",
    ),
    "audit.erasure": (
        "这不是经他人申请的删除（{target}）。先申请，再由另一人批准。",
        "Nobody else asked for this erasure ({target}). Ask first, then let another grant it.",
    ),
    "audit.nothing_to_erase": (
        "{target} 没有这项内容，或已删除。用 duban audit list --action audit:payload 查看。",
        "{target} has no such text (any more). See duban audit list --action audit:payload.",
    ),
    "kind.payload": ("留痕内容", "text or sealed entry"),
}
