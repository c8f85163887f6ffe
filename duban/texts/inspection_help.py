"""What each command about inspections does, what its options mean, and an example of each."""

_COMMANDS: dict[str, tuple[str, str]] = {
    "inspection": (
        "督查检查：列入计划、抽查令、到场、记录、结论、转入台账",
        "inspections: plan, order, check in, record, conclude, into the ledger",
    ),
    "inspection.plan": (
        "列入督查计划：明察暗访、重点督查、专项检查、定期问效",
        "put a visit, key, thematic or periodic check on the plan",
    ),
    "inspection.order": (
        "下达随时抽查令，等待编号或不予办理的理由",
        "order a spot check; wait for its numbers, or for the refusal",
    ),
    "inspection.list": ("列出本人可知的检查", "list the inspections you may know of"),
    "inspection.show": (
        "查看检查的经过、记录和发现，以本人可知为限",
        "draw the way, record and findings of an inspection, as far as you may know",
    ),
    "inspection.authorise": ("授权；指定对象的同时定检查人员", "authorise it; name its team"),
    "inspection.amend-scope": ("变更授权范围", "amend what was authorised"),
    "inspection.notice": (
        "预先通知单位（仅限允许通知的）",
        "give notice, where its kind allows it",
    ),
    "inspection.release": (
        "组长领取密封目标：只显示一次，不存盘；每次留痕并告知签发人",
        "hand the sealed target to its leader: shown once, kept nowhere, each time on the trail",
    ),
    "inspection.check-in": ("到达现场", "check in on site"),
    "inspection.leak": ("报告疑似泄密；检查随即终止", "report a suspected leak; that ends it"),
    "inspection.abort": ("终止检查，须两人先后提出", "end it before anybody is there; takes two"),
    "inspection.record": ("记录一项事实", "record one fact"),
    "inspection.withdraw": ("撤回一项记录，留存可查", "take an item back; it stays to be seen"),
    "inspection.sign": ("检查人员签名", "sign the record as it stands"),
    "inspection.opinion": ("听取单位意见，或记录其拒绝", "take the unit's opinion, or its refusal"),
    "inspection.conclude": (
        "起草结论：每项记录或采用，或说明不采用的理由",
        "draft the conclusion: each item is upheld, or left out with a reason",
    ),
    "inspection.issue": (
        "签发结论（不得由起草人签发）",
        "issue the conclusion; not who drafted it",
    ),
    "inspection.feedback": ("向被检查单位反馈", "tell the unit"),
    "inspection.review": ("单位申请复核", "ask for a review, for the unit"),
    "inspection.decide-review": ("复核决定", "decide the review"),
    "inspection.link-finding": (
        "发现转入问题台账（先登记问题）",
        "name the problem registered from a finding",
    ),
    "inspection.exemplar": ("列为正面典型", "name a finding as a positive exemplar"),
    "inspection.close": ("办结", "close it"),
    "inspection.coverage": (
        "检查覆盖情况：占比、各类数量、超预算单位；不提示下一个是谁",
        "how the checks of a phase cover the units, without who is next",
    ),
    "inspection.effect": (
        "检查实效：发现、销号是否站住、违反暗访要求、泄密、作废；不以次数论",
        "what inspections led to; their number is no figure of it",
    ),
}

_ORDER: dict[str, tuple[str, str]] = {
    "leader": ("组长编号，可重复：一人带全部或每处一人", "team leader; one for all or one a site"),
    "sites": ("检查几处，默认 1", "how many sites; 1 by default"),
    "inspectors": ("每处除组长外几人，默认 2", "how many inspect beside the leader; 2 by default"),
    "quota": ("分层名额，可重复：层=数", "how many of a stratum, may be repeated: STRATUM=N"),
    "budget_doc": ("超出频次的批准文号", "who approved going over the budget"),
    "starts_on": ("开始日期", "first day"),
    "ends_on": ("截止日期", "last day"),
    "choice": ("对象：drawn 抽取，named 指定", "drawn, or named in the order"),
    "object_class": ("检查对象类别", "what kind of object is looked at"),
    "plan_ref": ("督查计划编号", "number on the inspection plan"),
    "criteria": ("选定该对象的依据", "why this unit was chosen"),
    "inspection.plan.kind": ("检查种类", "kind of inspection"),
    "inspection.plan.scope": ("范围内的单位，可重复", "a unit in scope, may be repeated"),
    "inspection.plan.unit": ("指定的单位", "the unit, where it is named"),
    "inspection.order.scope": ("范围内的单位，可重复", "a unit in scope, may be repeated"),
}

_OPTIONS: dict[str, tuple[str, str]] = {
    **_ORDER,
    "inspection": ("检查编号，如 BE-2019-I0001", "number, such as BE-2019-I0001"),
    "inspection.list.kind": ("检查种类", "kind of inspection"),
    "inspection.list.after": ("从此编号之后列起", "go on behind this number"),
    **{
        f"inspection.{verb}.actor": (
            "查阅人编号；不写则只列出有此检查",
            "who reads; without it, only that there is one",
        )
        for verb in ("list", "show")
    },
    "team": ("检查人员编号，可重复；抽取的不写", "an inspector, may be repeated; not of a draw"),
    "inspection.amend-scope.scope": (
        "新的范围，可重复",
        "a unit of the new scope, may be repeated",
    ),
    "at": ("时间，如 2019-04-25T10:00", "when, such as 2019-04-25T10:00"),
    "place": ("地点", "the place"),
    "photo": ("现场照片文件或校验值", "photo: its file, or its SHA-256"),
    "first_location": ("首先到达之处", "where the team went first"),
    "attendee": (
        "到场时在场的人，可重复：职务[:单位[:编号]]",
        "who was there, may be repeated: POST[:UNIT[:PERSON]]",
    ),
    "notice": ("单位事先得到的通知，可重复", "a notice that the unit had, may be repeated"),
    "briefing": ("听取的汇报，可重复", "a briefing that was heard, may be repeated"),
    "inspection.leak.fact": ("可疑情况", "what is suspected"),
    "inspection.record.post": ("何岗位", "in whose post"),
    "what": ("事实", "what was found"),
    "inspection.record.method": ("检查方法", "by what method"),
    "inspection.record.person": ("当事人编号，非必要不写", "who it was, only where that matters"),
    "inspection.record.unit": ("涉及的其他单位", "the unit, where it is another"),
    "inspection.record.evidence": (
        "佐证，可重复：名称=文件或校验值",
        "proof, may be repeated: TITLE=FILE|SHA-256",
    ),
    "service": (
        "三项制度测试：first_contact|time_limit|tell_once=passed|failed",
        "test of a service rule: first_contact|time_limit|tell_once=passed|failed",
    ),
    "pledge": ("承诺测试：承诺|kept|测法", "test of a pledge: PLEDGE|kept|HOW or |broken|"),
    "forms": ("向单位要的表格份数", "how many forms were asked for"),
    "inspection.withdraw.item": ("事项，如 R01", "the item, such as R01"),
    "refused": ("单位拒绝或已听取", "whether the unit refused to say anything"),
    "inspection.opinion.words": ("单位的意见", "what the unit said"),
    "said_by": ("谁说的", "who said it"),
    "left_on": ("离开现场的日期", "day on which the team left"),
    "summary": ("结论", "the conclusion"),
    "uphold": (
        "采用，可重复：problem|exemplar:标题:R01,R02",
        "a finding, may be repeated: problem|exemplar:TITLE:R01,R02",
    ),
    "leave_out": ("不采用，可重复：R03=理由", "left out, may be repeated: R03=REASON"),
    "inspection.feedback.on": ("反馈日期", "day on which the unit was told"),
    "told": ("反馈给谁", "who was told"),
    "inspection.review.grounds": ("复核理由", "grounds of the request"),
    "inspection.decide-review.outcome": ("复核结果", "what it comes to"),
    "drop": ("不再成立的发现，可重复：F01", "a finding that falls, may be repeated: F01"),
    **{
        f"inspection.{verb}.finding": ("发现，如 F01", "the finding, such as F01")
        for verb in ("link-finding", "exemplar")
    },
    "draw.new.exclude": ("排除，可重复：站点=理由", "left out, may be repeated: SITE=REASON"),
    "draw.new.sites": ("站点名单（.xlsx、.csv）", "list of sites (.xlsx, .csv)"),
    "pool": ("检查人员名单（.xlsx、.csv）", "list of who may inspect (.xlsx, .csv)"),
    "purpose": ("用途：look_back 或 inspection", "look_back or inspection"),
}

_DRAWS: dict[str, tuple[str, str]] = {
    "draw.template": ("生成空白的站点和人员名单", "write an empty form of both lists"),
    "draw.new": (
        "封存名单，抽取检查对象，公布承诺值",
        "seal the lists and open the draw of an order; its secret is committed to",
    ),
    "draw.witness": ("见证人报数，随即密封抽取", "say the witness's number; it is drawn, sealed"),
    "draw.void": ("申请抽取作废", "ask that a draw be void"),
    "draw.decide-void": ("复核作废申请", "agree, or not, that a draw is void"),
    "draw.reveal": ("检查结束后公开抽取", "reveal a draw once its inspections were made"),
    "draw.list": ("列出两类抽取，含作废", "list draws of both kinds, void ones too"),
}

_NO = "BE-2019-I0001"
INSPECTION_EXAMPLES: dict[str, str] = {
    "inspection.plan": (
        "duban inspection plan BE-2019 periodic_effect_check --choice named --unit U03 "
        "--theme 任务成效 --scope U03 --matter 第一阶段任务 --plan-ref 督查计划3 --phase 1 "
        "--ordering-body OF --leader IN-1 --starts-on 2019-05-06 --ends-on 2019-05-08 --as OF-1"
    ),
    "inspection.order": (
        "duban inspection order BE-2019 --theme 窗口首问负责 --scope U01 --scope U03 "
        "--authorising-doc 督查令1号 --ordering-body OF --leader IN-1 --as SU-2"
    ),
    "inspection.list": (
        "duban inspection list --campaign BE-2019 --kind spot_check --after BE-2019-I0100 --as SU-1"
    ),
    "inspection.show": f"duban inspection show {_NO} --as SU-1",
    "inspection.authorise": (
        f"duban inspection authorise {_NO} --authorising-doc 授权书1号 --team IN-2 --team IN-3 "
        "--as OF-1"
    ),
    "inspection.amend-scope": (
        f"duban inspection amend-scope {_NO} --scope U01 --scope U03 --scope U04 "
        "--doc-no 变更1号 --reason 同一大厅 --as SU-2"
    ),
    "inspection.notice": f"duban inspection notice {_NO} --doc-no 通知1号 --as OF-1",
    "inspection.release": f"duban inspection release {_NO} --as IN-1",
    "inspection.check-in": (
        f"duban inspection check-in {_NO} --at 2019-04-25T10:00 --place 城东大厅3号窗口 "
        f"--photo {'ab' * 32} --first-location window --attendee 检查人员::IN-2 --as IN-1"
    ),
    "inspection.leak": f"duban inspection leak {_NO} --fact 窗口提前清场 --as SU-1",
    "inspection.abort": f"duban inspection abort {_NO} --reason 防汛 --as SU-2",
    "inspection.record": (
        f"duban inspection record {_NO} --at 2019-04-25T10:30 --place 3号窗口 --post 窗口工作人员 "
        f"--what 离岗27分钟，群众排队等候 --evidence 照片={'ab' * 32} "
        "--service first_contact=failed --as IN-2"
    ),
    "inspection.withdraw": f"duban inspection withdraw {_NO} R01 --reason 与上一项重复 --as IN-2",
    "inspection.sign": f"duban inspection sign {_NO} --as IN-2",
    "inspection.opinion": (
        f"duban inspection opinion {_NO} --heard --words 情况属实 --said-by 窗口负责人 "
        "--left-on 2019-04-25 --as IN-1"
    ),
    "inspection.conclude": (
        f"duban inspection conclude {_NO} --summary 首问负责落实不到位 "
        "--uphold problem:窗口离岗:R01,R02 --leave-out R03=证据不足 --as IN-1"
    ),
    "inspection.issue": f"duban inspection issue {_NO} --doc-no 督查结论1号 --as SU-1",
    "inspection.feedback": (
        f"duban inspection feedback {_NO} --on 2019-04-29 --told 主要负责人 --as SU-1"
    ),
    "inspection.review": (
        f"duban inspection review {_NO} --grounds 当时在办急件 --doc-no 复核申请1号 --as U03-L1"
    ),
    "inspection.decide-review": (
        f"duban inspection decide-review {_NO} --outcome changed --drop F02 --reason 证据不足 "
        "--doc-no 复核决定1号 --as LG-1"
    ),
    "inspection.link-finding": f"duban inspection link-finding {_NO} F01 BE-2019-0042 --as SU-1",
    "inspection.exemplar": f"duban inspection exemplar {_NO} F02 --doc-no 典型1号 --as SU-1",
    "inspection.close": f"duban inspection close {_NO} --opinion 办结 --as SU-2",
    "inspection.coverage": "duban inspection coverage BE-2019 --phase 1 --as SU-1",
    "inspection.effect": "duban inspection effect BE-2019 --as SU-1",
    "draw.template": "duban draw template 名单.xlsx",
    "draw.new": (
        f"duban draw new {_NO} --sites 名单.xlsx --pool 名单.xlsx --exclude U03-S9=停业装修 "
        "--as SU-1"
    ),
    "draw.witness": "duban draw witness 2019-BE-001 7351 --as SU-3",
    "draw.void": "duban draw void 2019-BE-001 --reason 名单有误 --as SU-3",
    "draw.decide-void": "duban draw decide-void 2019-BE-001 --yes --reason 属实 --as OF-1",
    "draw.reveal": "duban draw reveal 2019-BE-001 --as SU-1",
    "draw.list": "duban draw list --campaign BE-2019 --purpose inspection",
}

INSPECTION_HELP: dict[str, tuple[str, str]] = {
    **{f"cmd.{path}": words for path, words in (_COMMANDS | _DRAWS).items()},
    **{f"opt.{name}": words for name, words in _OPTIONS.items()},
}
