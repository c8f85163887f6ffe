"""What each command about problems does, what its options mean, and an example of each."""

_COMMANDS: dict[str, tuple[str, str]] = {
    "problem": ("问题台账：交办、整改、销号、回头看", "the problem ledger: assign, rectify, close"),
    "problem.list": ("列出问题", "list problems"),
    "problem.show": (
        "画出问题的来龙去脉：谁承办、哪些算数、哪些不算",
        "draw the way of a problem: who held it, what counted and what did not",
    ),
    "problem.register": ("登记问题，取得编号", "put a problem into the ledger"),
    "problem.triage": ("研判定性：类型、程度、类别", "judge type, severity and class"),
    "problem.assign": ("交办：责任单位、责任人、时限", "hand it to a unit with people and a limit"),
    "problem.accept": ("签收", "take the problem over"),
    "problem.return": ("申请退单", "say that the unit is not the right owner"),
    "problem.adjudicate-return": ("裁定退单", "decide a request for return"),
    "problem.disprove": ("查否（须有证据）", "found untrue, on evidence"),
    "problem.merge": ("并案", "join it to another problem"),
    "problem.transfer": ("移交有关机关", "hand it to a body outside"),
    "problem.watch": ("由另一专项关注", "let another campaign watch it"),
    "problem.submit-plan": ("报送整改方案", "hand in the rectification plan"),
    "problem.review-plan": ("审核整改方案", "pass or return the rectification plan"),
    "problem.reply": (
        "答复：行动、措施、佐证；解释另列，不改变状态和时限",
        "reply with actions and proof; an explanation moves nothing",
    ),
    "problem.classify": ("认定答复是否仅为解释", "say what a reply is"),
    "problem.contest": ("对认定提出异议（一次）", "contest the class of a reply, once"),
    "problem.decide-contest": ("裁定认定异议", "decide a contest"),
    "problem.decide-card": ("签发或不签发红牌（领导小组）", "sign or refuse a red card"),
    "problem.void-card": ("撤销黄牌或红牌", "void a card"),
    "problem.object-to-fact": ("提出事实异议", "say that the facts are not so"),
    "problem.decide-objection": ("决定事实异议", "decide an objection to fact"),
    "problem.final-answer": ("申请最终答复", "ask for a final answer"),
    "problem.review-final-answer": ("审核最终答复", "review a final answer (group)"),
    "problem.decide-final-answer": ("决定最终答复（办公室）", "decide a final answer (office)"),
    "problem.extend": ("申请延期", "ask for a later date"),
    "problem.decide-extension": ("决定延期申请", "approve or refuse a later date"),
    "problem.remedy": ("另定补救时限，逾期记录保留", "set a date for mending; the breach stays"),
    "problem.stop": ("按法定事由停止计时", "stop a clock on a listed ground"),
    "problem.resume": ("恢复计时", "let a clock run again"),
    "problem.request-close": ("申请销号，缺项一次列出", "ask to close; all that lacks is named"),
    "problem.verify": ("复查核验", "verify a close request"),
    "problem.object": ("公示期内提出异议", "object during the public notice"),
    "problem.sign-off": ("销号签字", "sign the close"),
    "problem.look-back": ("记录回头看结果", "record what a look-back found"),
    "problem.reopen": ("反弹重启", "open a settled problem again"),
    "problem.make-long-term": ("转长期整改，落实承接单位", "make it long-term with a successor"),
    "problem.milestone": ("确认长期整改节点", "confirm a milestone of long-term work"),
    "problem.conclude-assistance": ("确认协办完成", "confirm that an assisting unit has helped"),
}

_COMMANDS |= {
    "evidence": ("佐证：按内容存放和核对", "evidence: kept and checked by its content"),
    "evidence.add": ("为问题提交佐证文件", "put a file on a problem"),
    "evidence.list": ("列出问题的佐证", "list what is on a problem"),
    "evidence.get": ("取出佐证并核对（留痕）", "take a file out, checked; that is on the trail"),
    "evidence.verify": ("核对问题的全部佐证", "check every file of a problem"),
}

_OPTIONS: dict[str, tuple[str, str]] = {
    "problem": ("问题编号，如 BE-2019-0042", "number of the problem, such as BE-2019-0042"),
    "description": ("具体问题", "what is wrong"),
    "evidence.add.kind": ("佐证性质：成效、过程或辅助", "what it counts as"),
    "evidence.add.title": ("佐证名称", "what it is called"),
    "evidence.add.source": ("佐证出处", "where it comes from"),
    "captured_at": ("形成时间，默认取文件自述", "when it was made; by default as the file says"),
    "captured_place": ("形成地点", "where it was made"),
    "replaces": ("替换的佐证编号", "the evidence it replaces"),
    "evidence.get.id": ("佐证编号，如 BE-2019-0042/F01", "number of the evidence"),
    "source": ("问题来源", "where it came from"),
    "source_ref": ("来源编号", "number at its source"),
    "found_on": ("发现日期", "day it was found"),
    "from_person": ("是否由群众反映", "whether a person raised it"),
    "type": ("问题类型", "type of the problem"),
    "severity": ("严重程度", "severity"),
    "rectify_class": ("整改类别", "time class"),
    "hard_bone": ("是否硬骨头", "whether it is a hard bone"),
    "access_level": ("知悉范围", "who may know"),
    "problem.triage.target": ("整改目标", "what is to be reached"),
    "principal_leader": ("主要领导编号", "id of the principal leader"),
    "leader_in_charge": ("分管领导编号", "id of the leader in charge"),
    "handler": ("责任人编号", "id of the handler"),
    "problem.assign.limit": ("整改时限，如 20wd；默认按类别", "its limit, such as 20wd"),
    "assist": ("协办，可重复：单位=事项:时限", "helper, may be repeated: UNIT=MATTER:LIMIT"),
    "into": ("并入的问题编号", "the problem it joins"),
    "letter": ("移送函文号", "the transfer letter"),
    "receipt": ("签收回执", "the receipt"),
    "problem.transfer.to": ("接收机关", "the receiving body"),
    "by_campaign": ("关注的专项编号", "the campaign that watches"),
    "measure": ("整改措施，可重复", "a measure, may be repeated"),
    "problem.submit-plan.outcome": (
        "承诺成效：名称|单位|基线|目标|数据来源",
        "promised result: NAME|UNIT|BASELINE|TARGET|SOURCE",
    ),
    "problem.reply.action": ("已采取的行动，可重复", "an action taken, may be repeated"),
    "done": ("已完成措施，可重复：序号=结果", "a measure done: NUMBER=RESULT"),
    "explanation": ("解释（不影响状态和时限）", "words about why; they move nothing"),
    "request": ("请求，可重复", "a request, may be repeated"),
    "reply": ("答复编号", "number of the reply"),
    "counts": ("认定", "what it is"),
    "card": ("牌编号", "number of the card"),
    "petition": ("申请编号", "number of the petition"),
    "sealed": ("是否盖章", "whether the unit's seal is on it"),
    "problem.final-answer.ground": ("不能办理的理由", "why it cannot be met"),
    "problem.extend.evidence": (
        "佐证，可重复：process:出处",
        "proof, may be repeated: process:REFERENCE",
    ),
    "achieved": ("达到值", "the value reached"),
    "data_source": ("数据来源", "source of the value"),
    "sibling_scope": ("举一反三范围", "where else was looked"),
    "sibling_found": ("举一反三发现数", "how many were found there"),
    "mechanism": ("长效机制", "the lasting mechanism"),
    "no_mechanism_reason": ("不需要机制的理由", "why none is needed"),
    "contact_made": ("是否联系反映人", "whether the person was contacted"),
    "satisfied": ("反映人是否满意", "whether the person is satisfied"),
    "no_contact_reason": ("无法联系的理由", "why no contact was possible"),
    "answer": ("对缺项的逐条答复，可重复", "answer to a defect, in order"),
    "scores": ("三项评分：严,实,快（1-5）", "three scores from 1 to 5: 5,4,5"),
    "objector": ("提出异议人", "who objects"),
    "batch": ("抽取批次", "batch of the draw"),
    "method": ("回头看方式", "how it was checked"),
    "called": ("回访人数", "people called"),
    "denied": ("否认人数", "people who denied it"),
    "deliberate": ("是否故意造假", "whether it was on purpose"),
    "finding": ("发现情况", "what was found"),
    "reached": ("节点成果", "what was reached"),
    "problem.look-back.passed": ("是否通过", "passed or failed"),
    "problem.verify.passed": ("是否通过", "passed or rejected"),
    "problem.review-plan.passed": ("通过或退回", "passed or returned"),
    "problem.review-final-answer.passed": ("通过或退回", "passed or returned"),
    **{
        f"problem.{verb}.evidence": ("佐证编号，可重复", "evidence on file, may be repeated")
        for verb in (
            "disprove",
            "reply",
            "object-to-fact",
            "final-answer",
            "milestone",
            "conclude-assistance",
        )
    },
}

_NO = "BE-2019-0042"
PROBLEM_EXAMPLES: dict[str, str] = {
    "evidence.add": (
        f"duban evidence add {_NO} 日志.txt --kind outcome --title 叫号日志 --source 叫号系统 "
        "--as U03-H1"
    ),
    "evidence.list": f"duban evidence list {_NO}",
    "evidence.get": f"duban evidence get {_NO}/F01 日志.txt --as SU-1",
    "evidence.verify": f"duban evidence verify {_NO}",
    "problem.list": "duban problem list --campaign BE-2019 --state rectifying",
    "problem.show": f"duban problem show {_NO}",
    "problem.register": (
        "duban problem register BE-2019 --title 窗口无人值守 --description 离岗27分钟 "
        "--source inspection --found-on 2019-04-17 --unit U03 --as SU-1"
    ),
    "problem.triage": (
        f"duban problem triage {_NO} --type service_rule --rectify-class immediate "
        "--target 全时段有人值守 --as OF-1"
    ),
    "problem.assign": (
        f"duban problem assign {_NO} U03 --principal-leader U03-L1 --handler U03-H1 "
        "--limit 20wd --assist U02=提供接口:10wd --basis-doc 交办单3号 --as OF-1"
    ),
    "problem.accept": f"duban problem accept {_NO} --as U03-L1",
    "problem.return": (
        f"duban problem return {_NO} --grounds 职责不在我局 --legal-basis 三定规定 --as U03-H1"
    ),
    "problem.adjudicate-return": (
        f"duban problem adjudicate-return {_NO} --no --reason 职责在你局 --as OF-1"
    ),
    "problem.disprove": (
        f"duban problem disprove {_NO} --reason 监控显示在岗 --evidence {_NO}/F01 --as OF-1"
    ),
    "problem.merge": f"duban problem merge {_NO} BE-2019-0007 --reason 同一事项 --as OF-1",
    "problem.transfer": (
        f"duban problem transfer {_NO} --to 市监委 --letter 移送函1号 --receipt 回执1号 "
        "--reason 涉嫌职务犯罪 --as OF-1"
    ),
    "problem.watch": f"duban problem watch {_NO} --by-campaign RL-2019 --as OF-1",
    "problem.submit-plan": (
        f"duban problem submit-plan {_NO} --measure 增设顶岗 "
        "--outcome '离岗时长|分钟|27|0|叫号系统' --signed-by U03-L1 --as U03-H1"
    ),
    "problem.review-plan": f"duban problem review-plan {_NO} --passed --opinion 同意 --as SU-1",
    "problem.reply": (
        f"duban problem reply {_NO} --action 增设顶岗人员 --done 1=已到岗 --evidence {_NO}/F01 "
        "--as U03-H1"
    ),
    "problem.classify": (f"duban problem classify {_NO} {_NO}/R01 explanation_only --as SU-1"),
    "problem.contest": f"duban problem contest {_NO} {_NO}/R01 --grounds 附有新制度 --as U03-H1",
    "problem.decide-contest": (
        f"duban problem decide-contest {_NO} {_NO}/R01 --no --reason 仍为解释 --as OF-1"
    ),
    "problem.decide-card": (
        f"duban problem decide-card {_NO} {_NO}/C02 --yes --reason 以解释代替解决 "
        "--doc-no 决定5号 --as LG-1"
    ),
    "problem.void-card": f"duban problem void-card {_NO} {_NO}/C01 --reason 认定有误 --as OF-1",
    "problem.object-to-fact": (
        f"duban problem object-to-fact {_NO} --reason 当时在岗 --evidence {_NO}/F02 "
        "--signed-by U03-L1 --as U03-H1"
    ),
    "problem.decide-objection": (
        f"duban problem decide-objection {_NO} {_NO}/P01 --no --reason 不成立 --as OF-1"
    ),
    "problem.final-answer": (
        f"duban problem final-answer {_NO} unlawful --reason 违反上位法 --evidence {_NO}/F02 "
        "--signed-by U03-L1 --sealed --as U03-H1"
    ),
    "problem.review-final-answer": (
        f"duban problem review-final-answer {_NO} {_NO}/P01 --passed --opinion 属实 --as SU-1"
    ),
    "problem.decide-final-answer": (
        f"duban problem decide-final-answer {_NO} {_NO}/P01 --yes --reason 同意 --as OF-1"
    ),
    "problem.extend": (
        f"duban problem extend {_NO} {_NO}/D01 --reason-class system_building --reason 系统对接 "
        "--work-done 完成一半 --what-differs 接口已排期 --evidence process:联调记录 "
        "--new-due-on 2019-05-31 --signed-by U03-L1 --as U03-H1"
    ),
    "problem.decide-extension": (
        f"duban problem decide-extension {_NO} {_NO}/E01 --yes --reason 同意 --as OF-1"
    ),
    "problem.remedy": (
        f"duban problem remedy {_NO} {_NO}/D01 --on 2019-06-03 --reason 限期补救 --as OF-1"
    ),
    "problem.stop": (
        f"duban problem stop {_NO} {_NO}/D01 --ground expert_review --proof 评审通知 --as OF-1"
    ),
    "problem.resume": f"duban problem resume {_NO} {_NO}/D01 --reason 评审结束 --as OF-1",
    "problem.request-close": (
        f"duban problem request-close {_NO} --signed-by U03-L1 --achieved 0 --data-source 叫号系统 "
        "--sibling-scope 全部窗口 --mechanism 离岗告警 --as U03-H1"
    ),
    "problem.verify": (
        f"duban problem verify {_NO} --passed --on-site --opinion 属实 --scores 5,4,5 --as SU-1"
    ),
    "problem.object": (
        f"duban problem object {_NO} --objector 群众来电 --grounds 昨日仍无人 --as OF-1"
    ),
    "problem.sign-off": f"duban problem sign-off {_NO} --opinion 同意销号 --as OF-1",
    "problem.look-back": (
        f"duban problem look-back {_NO} calls --failed --called 7 --denied 4 "
        "--finding 4人不知情 --deliberate --as SU-1"
    ),
    "problem.reopen": (
        f"duban problem reopen {_NO} --reason 再次投诉 --source-ref 热线工单8号 --as OF-1"
    ),
    "problem.make-long-term": (
        f"duban problem make-long-term {_NO} U03 --reason 需立法 --doc-no 纪要3号 --as OF-1"
    ),
    "problem.milestone": (
        f"duban problem milestone {_NO} --reached 草案完成 --evidence {_NO}/F03 --as SU-1"
    ),
    "problem.conclude-assistance": (
        f"duban problem conclude-assistance {_NO} U02 --evidence {_NO}/F04 --as SU-1"
    ),
}

PROBLEM_HELP: dict[str, tuple[str, str]] = {
    **{f"cmd.{path}": words for path, words in _COMMANDS.items()},
    **{f"opt.{name}": words for name, words in _OPTIONS.items()},
}
