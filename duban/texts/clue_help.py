"""What each command about clues does, what its options mean, why it is refused, an example."""

_COMMANDS: dict[str, tuple[str, str]] = {
    "clue": ("线索：报告、研判、移交、反馈", "clues: report, judge, transfer, answer"),
    "clue.report": (
        "报告线索，取得编号；紧急的先电话后书面",
        "report a clue and get its number; the urgent by telephone first",
    ),
    "clue.write-up": (
        "书面报告；报告人身份先密封",
        "hand the written account in; the reporter's identity is sealed first",
    ),
    "clue.list": ("列出本人可见的线索（留痕）", "list the clues you may see; that is on the trail"),
    "clue.show": ("画出线索的来龙去脉（留痕）", "draw the way of a clue; that is on the trail"),
    "clue.acknowledge": ("收悉", "say that it was heard"),
    "clue.triage": ("研判：一级、二级各一人", "judge it: first level, then second"),
    "clue.decide": (
        "审批处置：自查、移交、暂存、了结",
        "decide: own check, transfer, keep, conclude",
    ),
    "clue.transfer": ("移交主管机关", "transfer it to who is competent"),
    "clue.link-problem": ("转入问题台账（先登记问题）", "name the problem registered from it"),
    "clue.receipt": ("登记签收或退回", "record the receipt, or that it was sent back"),
    "clue.result": ("登记办理结果", "record the result"),
    "clue.feedback": ("登记向报告人反馈", "record what the reporter was told"),
    "clue.close": ("办结", "close the file"),
    "clue.retaliation": ("标记打击报复", "flag retaliation against the reporter"),
    "clue.custodian": ("指定身份保管人（领导小组）", "designate the custodian (leading group)"),
    "clue.request-on-case": (
        "记录过问具体案件：一律不予办理并留痕",
        "record a request about a specific case: it is refused, on the trail",
    ),
    "clue.status": ("报告人凭查询号查询进展", "tell a reporter how it stands, by number"),
    "clue.open-identity": (
        "保管人查阅报告人身份（先留痕）",
        "open who reported it, for the custodian; on the trail first",
    ),
}

_ACCOUNT: dict[str, tuple[str, str]] = {
    "reporter_class": ("报告人类别", "of what kind the reporter is"),
    "access_level": ("知悉范围", "who may know"),
    "matter": (
        "反映问题；密封线索的内容只进密封件",
        "what it is about; of a sealed clue sealed too",
    ),
    "object_unit": ("反映对象单位", "the unit it is about"),
    "object_person": ("反映对象的职务或编号", "post or id of the person it is about"),
    "identity": ("报告人身份文件，先密封再提交", "file that says who reported it; sealed first"),
    "recipient": ("身份保管人的公钥文件", "public key of the custodian"),
    "custodian": ("身份保管人编号", "id of the custodian"),
}

_OPTIONS: dict[str, tuple[str, str]] = {
    "clue": ("线索编号，如 BE-2019-C0001", "number of the clue, such as BE-2019-C0001"),
    **{
        f"clue.{verb}.{name}": said
        for verb in ("report", "write-up")
        for name, said in _ACCOUNT.items()
    },
    "clue.report.source": ("线索来源", "where it came from"),
    "known_on": ("获知日期", "day on which it became known"),
    "known_to": ("最先获知的组或单位", "the body or unit that knew of it first"),
    "urgent": ("是否紧急重大", "urgent and major, or ordinary"),
    "phoned_at": ("电话报告时间，默认现在", "when it was told by telephone; now by default"),
    "court_case": ("所涉具体案件；一律不予办理", "the court case it asks about: refused"),
    "clue.list.source": ("线索来源", "where it came from"),
    "clue.list.after": ("从此编号之后列起", "go on behind this number"),
    "nature": ("性质初判", "what it would be if it were true"),
    "handling": ("处置方式", "how it is handled"),
    "major": ("是否重大", "whether it is major"),
    "receiver": ("接收机关类别", "which kind of body receives it"),
    "addressee": ("接收机关名称", "name of the receiver"),
    "material": (
        "移交材料，可重复：名称=文件或校验值",
        "material, may be repeated: TITLE=FILE|SHA-256",
    ),
    "accepted": ("签收或退回", "accepted or sent back"),
    "clue.result.outcome": ("核查结论", "what became of it"),
    "words": ("告知内容，不含案情", "what was said, without secrets of the case"),
    "channel": ("反馈方式", "by which way"),
    "fact": ("报复事实", "what was done"),
    "person": ("人员编号", "id of the person"),
    "case": ("案号", "number of the case"),
    "asked_by": ("过问人", "who asked"),
    "clue.request-on-case.request": ("所提要求", "what was asked"),
    "lookup": ("查询号", "the look-up number"),
    "clue.open-identity.key": ("保管人私钥文件", "private key of the custodian"),
    "clue.open-identity.basis": ("查阅事由", "the ground for reading it"),
    **{
        f"clue.{verb}.actor": (
            "查阅人编号；默认取 DUBAN_ACTOR",
            "who reads; DUBAN_ACTOR by default",
        )
        for verb in ("list", "show", "open-identity")
    },
    **{
        f"clue.{verb}.role": ("以何角色查阅", "in which role")
        for verb in ("list", "show", "open-identity")
    },
}

_REFUSALS: dict[str, tuple[str, str]] = {
    "clue.content": (
        "{id} 的书面报告不合要求：{missing}。具名报告人的身份须先密封；带“-”的栏不得写明文。",
        (
            "The account of {id} is not as it must be: {missing}. Seal the identity of a reporter "
            "in person; fields with “-” may not stand in the clear."
        ),
    ),
    "clue.route": (
        "{id} 性质为 {nature}，应移交：{wanted}。请改换接收机关，或重新研判。",
        "{id} is of the nature {nature} and goes to {wanted}. Send it there, or judge it anew.",
    ),
    "clue.not_its_source": (
        "问题 {problem} 不是由 {id} 登记的。请先登记问题（来源 clue，来源编号 {id}）。",
        "Problem {problem} does not name {id} as its source. Register it with source clue first.",
    ),
    "case.untouchable": (
        "过问具体案件（{case}），按“三个规定”不予办理，已记录过问人 {asked_by}。请通过法定程序。",
        (
            "This asks about a specific case ({case}): it is refused, and that {asked_by} asked is "
            "recorded. Use the procedure of the law."
        ),
    ),
    "identity.not_custodian": (
        "{person} 不是指定的身份保管人。请由保管人办理，或由领导小组另行指定。",
        "{person} is not a designated custodian. Ask the custodian, or have one designated.",
    ),
    "clue.not_found": (
        "没有线索 {no}，或不在您的知悉范围。请核对编号。",
        "There is no clue {no}, or not for you. Check the number.",
    ),
    "clue.no_such_number": (
        "没有这个查询号。请核对回执上的号码。",
        "There is no such look-up number. Check the one on the slip.",
    ),
    "usage.material": (
        "“{text}”应写成 名称=文件 或 名称=校验值。",
        "Write “{text}” as TITLE=FILE or TITLE=SHA-256.",
    ),
    "usage.recipient": (
        "要密封身份，须用 --recipient 给出保管人的公钥文件。",
        "To seal an identity, name the custodian's public key with --recipient.",
    ),
    "usage.reporter_class": (
        "写明反映问题时，须用 --reporter 给出报告人类别。",
        "With --matter, say of what kind the reporter is: --reporter.",
    ),
}

_NO = "BE-2019-C0001"
CLUE_EXAMPLES: dict[str, str] = {
    "clue.report": (
        "duban clue report BE-2019 --source inspection --known-on 2019-06-12 --reporter enterprise "
        "--matter 收受购物卡 --object-unit U04 --identity 反映人.txt --recipient 保管人.pub "
        "--custodian SU-1 --as CG-1"
    ),
    "clue.write-up": (
        f"duban clue write-up {_NO} --reporter body --matter 收受购物卡 --object-unit U04 --as CG-1"
    ),
    "clue.list": "duban clue list --campaign BE-2019 --after BE-2019-C0100 -o csv --as OF-1",
    "clue.show": f"duban clue show {_NO} --as OF-1",
    "clue.acknowledge": f"duban clue acknowledge {_NO} --as OF-1",
    "clue.triage": (
        f"duban clue triage {_NO} --nature duty_crime --handling transfer --opinion 涉嫌受贿 "
        "--as SU-1"
    ),
    "clue.decide": (
        f"duban clue decide {_NO} --nature duty_crime --handling transfer --reason 同意移交 "
        "--doc-no 审批单1号 --as OF-1"
    ),
    "clue.transfer": (
        f"duban clue transfer {_NO} --receiver supervision_commission --addressee 市监察委 "
        f"--letter 移送函1号 --material 谈话记录={'ab' * 32} --as OF-1"
    ),
    "clue.link-problem": f"duban clue link-problem {_NO} BE-2019-0042 --as OF-1",
    "clue.receipt": (
        f"duban clue receipt {_NO} --accepted --signed-by DX-1 --receipt 回执1号 --as SU-1"
    ),
    "clue.result": (
        f"duban clue result {_NO} --outcome founded --finding 查证属实 --doc-no 反馈函1号 --as SU-1"
    ),
    "clue.feedback": (
        f"duban clue feedback {_NO} --words 您反映的问题已查实处理 --channel 电话 --as OF-1"
    ),
    "clue.close": f"duban clue close {_NO} --opinion 办结 --as OF-1",
    "clue.retaliation": f"duban clue retaliation {_NO} --fact 反映人被调岗 --as SU-1",
    "clue.custodian": f"duban clue custodian {_NO} OF-1 --doc-no 指定1号 --as LG-1",
    "clue.request-on-case": (
        f"duban clue request-on-case {_NO} --case （2019）黑01刑初12号 --asked-by 某领导 "
        "--request 从轻处理 --as SU-1"
    ),
    "clue.status": "duban clue status 9f86d081884c7d65",
    "clue.open-identity": (
        f"duban clue open-identity {_NO} --key 保管人.key --basis 核实打击报复 --as SU-1"
    ),
}

CLUE_HELP: dict[str, tuple[str, str]] = {
    **{f"cmd.{path}": words for path, words in _COMMANDS.items()},
    **{f"opt.{name}": words for name, words in _OPTIONS.items()},
    **_REFUSALS,
}
