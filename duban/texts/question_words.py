"""The words around the 52 questions: facts, headings, values, and how they are asked."""

from duban.texts.verify import VERIFY

_FACTS: dict[str, tuple[str, str]] = {
    "extensions": ("延期申请与决定", "extension requests and decisions"),
    "deadlines": ("时限", "deadlines"),
    "calendars": ("日历版本", "calendar versions"),
    "clock_stops": ("停止计时", "clock stops"),
    "refusals": ("被拒绝的操作", "refused commands"),
    "register": ("人员名册", "the register of people"),
    "clauses": ("实施方案条款", "clauses of the implementation plan"),
    "tasks": ("任务", "tasks"),
    "goals": ("阶段目标", "phase goals"),
    "task_returns": ("任务退单", "returns of tasks"),
    "unit_plans": ("单位方案的报送与审核", "hand-ins and reviews of unit plans"),
    "gates": ("关口签署", "signatures of gates"),
    "spot_checks": ("随时抽查令", "orders of spot checks"),
    "delegations": ("授权代办", "delegations"),
    "policy": ("规则版本", "the policy version"),
    "state": ("专项状况", "the campaign's state"),
    "ordinals": ("留痕序号与写入登录", "ordinals and writers of entries"),
    "log_report": ("留痕日志的核验报告", "the log verifier's report"),
    "card_voids": ("黄牌、红牌的撤销", "voids of cards"),
    "escalations": (
        "由人作出的督办函、约谈、通报，以及对任务的红牌",
        "levels that people climb: letters, summonses, circulars, red cards on tasks",
    ),
    "problems": ("问题台账", "problems"),
    "evidence_files": ("佐证文件", "evidence files"),
    "look_backs": ("回头看", "look-backs"),
    "call_backs": (
        "并案、查否、最终答复之后的反映人回访",
        "what complainants say of a merge, a disproof or a final answer",
    ),
    "replies": ("单位回复及其定性", "replies of units and their class"),
    "guidance": ("指导记录", "the guidance log"),
    "meetings": ("会议与承诺", "meetings and what was promised"),
    "plan_texts": ("方案全文", "the texts of plans"),
    "inspections": ("督查记录", "inspections"),
    "draws": ("抽签", "draws"),
    "target_reads": ("督查对象的查阅记录", "reads of inspection targets"),
    "conclusions": ("督查结论", "inspection conclusions"),
    "clues": ("线索", "clues"),
    "transfers": ("线索移交", "transfers of clues"),
    "triggers": ("问责情形", "accountability triggers"),
    "dispositions": ("问责情形的处置", "dispositions of accountability triggers"),
    "circulars": ("通报的起草与印发", "drafts and issues of circulars"),
    "proposals": ("问责建议", "accountability proposals"),
    "decisions": ("主管机关的决定", "decisions of competent bodies"),
    "sealed_reads": ("密封内容的查阅记录", "reads of sealed content"),
    "instructions": ("领导批示", "leaders' instructions"),
    "database_log": ("数据库自身的操作日志", "the database's own log of statements"),
    "burden": ("填报表格与用时", "forms, fields and minutes of reporting"),
    "scoreboards": ("考评计算", "scoreboard calculations"),
}

_HEADS: dict[str, tuple[str, str]] = {
    "answers": ("能否回答", "answers"),
    "awaits": ("尚缺的事实", "awaits"),
    "belonged": ("是否曾在该单位", "belonged to it"),
    "carried_to": ("结转至", "carried to"),
    "clause": ("条款", "clause"),
    "closed": ("已办结的较易事项", "easier ones closed"),
    "code_refused": ("拒绝代码", "refused as"),
    "commands": ("操作", "commands"),
    "count": ("次数", "count"),
    "counted_due_on": ("按现行日历推算", "counted by the present one"),
    "decided_reason": ("决定理由", "reason of the decision"),
    "delegation": ("授权编号", "delegation"),
    "description": ("描述", "description"),
    "desk": ("在谁手里", "desk"),
    "distinction": ("区别对待的说明", "distinction"),
    "elsewhere": ("同一文件另用于", "file also used for"),
    "en": ("英文", "English"),
    "ended_at": ("终止时间", "ended at"),
    "rests_on": ("所据留痕", "rests on"),
    "entry": ("留痕号", "entry"),
    "evidence": ("佐证", "evidence"),
    "extension": ("延期申请", "extension"),
    "field": ("改动项", "field"),
    "fields": ("改动项", "fields"),
    "first_due_on": ("按最初日历推算", "counted by the first one"),
    "first_version": ("最初日历版本", "first calendar"),
    "flags": ("标记", "flags"),
    "gate": ("关口", "gate"),
    "goal": ("目标", "goal"),
    "granted": ("批准次数", "granted"),
    "granted_by": ("批准同类的决定人", "granted by"),
    "granted_to": ("获批的同类单位", "granted to"),
    "grounds": ("退单理由", "grounds"),
    "how": ("方式", "how"),
    "left_on": ("离开日期", "left on"),
    "levels": ("已到级次", "levels"),
    "minutes": ("分钟", "minutes"),
    "new": ("新", "new"),
    "no_outcome": ("无成效佐证", "no outcome evidence"),
    "number": ("题号", "no"),
    "old": ("旧", "old"),
    "on_behalf_of": ("代谁", "on behalf of"),
    "on_site": ("现场", "on site"),
    "ordering_body": ("下令机构", "ordering body"),
    "person": ("人员编号", "person"),
    "predecessor": ("前任", "predecessor"),
    "recorded_at": ("入库时间", "recorded at"),
    "refused": ("拒绝次数", "refused"),
    "requested_at": ("申请时间", "requested at"),
    "requested_by": ("申请人", "requested by"),
    "signed_by": ("签字领导", "signed by"),
    "signed_off_at": ("销号时间", "signed off at"),
    "signed_off_by": ("销号人", "signed off by"),
    "since": ("自", "since"),
    "skipped": ("越过级次", "skipped"),
    "slug": ("短名", "slug"),
    "span": ("计法", "counted in"),
    "submitted_at": ("报送时间", "handed in at"),
    "tasks": ("任务", "tasks"),
    "text": ("内容", "text"),
    "theme": ("主题", "theme"),
    "unit_name": ("单位名称", "name of the unit"),
    "units": ("单位", "units"),
    "until": ("至", "until"),
    "upheld": ("退单成立", "upheld"),
    "valid": ("按有效处理", "treated as valid"),
    "value": ("值", "value"),
    "verified_at": ("核验时间", "verified at"),
    "working_days_late": ("逾期工作日", "working days late"),
    "zh": ("中文", "Chinese"),
}

_FINDINGS = {
    **{
        name.removeprefix("verify.code."): words
        for name, words in VERIFY.items()
        if name.startswith("verify.code.")
    },
    **{
        name.removeprefix("verify.verdict.").upper(): words
        for name, words in VERIFY.items()
        if name.startswith("verify.verdict.")
    },
}
"""What the log's verifier finds and says, by its codes."""

WORDS: dict[str, tuple[str, str]] = {
    **{f"finding.{code}": words for code, words in _FINDINGS.items()},
    **{f"fact.{value}": words for value, words in _FACTS.items()},
    **{f"col.{name}": words for name, words in _HEADS.items()},
    "answers.whole": ("能", "yes"),
    "answers.part": ("部分", "in part"),
    "answers.no": ("尚不能", "not yet"),
    "belonged.now": ("现任", "now"),
    "belonged.before": ("曾任", "before"),
    "belonged.never": ("否", "never"),
    "deadline_end.open": ("仍未办结", "still open"),
    "deadline_end.met": ("逾期后办结", "met after the breach"),
    "deadline_end.cancelled": ("未办结而取消", "cancelled unmet"),
    "promised.target": ("目标值", "target"),
    "promised.baseline": ("基线", "baseline"),
    "promised.measure": ("量化指标", "measure"),
    "promised.unit_of_measure": ("计量单位", "unit of measure"),
    "promised.direction": ("方向", "direction"),
    "flag.stagnant": ("停滞", "stagnant"),
    "flag.breached_at": ("已逾期", "breached"),
    "flag.stopped_from": ("停计", "stopped"),
    "flag.provisional": ("暂定", "provisional"),
    "flag.watch_over": ("观察期满", "watch over"),
    # Asking.
    "cmd.query": ("监督问责组的 52 个问题", "the 52 questions of the supervision group"),
    "cmd.query.list": (
        "列出全部问题，能回答的和尚缺事实的",
        "list them all: which have an answer, and what the others await",
    ),
    "cmd.query.ask": (
        "按题号或短名提问，可问过去任一时刻；ask 可以省略",
        "ask one by number or slug, as of any past moment; `ask` may be left out",
    ),
    "opt.question": ("题号或短名", "its number or slug"),
    "opt.as_of": (
        "截至的时刻（北京时间），如 2019-06-28T17:30；只写日期指当天结束；默认为现在",
        "the moment in Shanghai time; a day alone means its end; now by default",
    ),
    "opt.minutes": (
        "第 22 题：多少分钟以内算快；默认按专项规则版本",
        "question 22: within how many minutes; as the campaign's policy says by default",
    ),
    "opt.query.ask.object": (
        "只看这一对象：时限、任务、目标、人员等的编号",
        "only what is about this deadline, task, goal or person",
    ),
    "opt.query.ask.policy": (
        "第 45 题：核验策略文件；默认取 DUBAN_LOG_POLICY",
        "question 45: the policy to verify by; DUBAN_LOG_POLICY by default",
    ),
    "opt.query.ask.anchor": (
        "第 45 题：周报上印的校验值等外部存证，可重复",
        "question 45: a checkpoint kept outside, such as a printed digest's; repeatable",
    ),
    "usage.not_a_moment": (
        "“{text}”不是时刻，应写成 2019-06-28T17:30。",
        "“{text}” is no moment; write 2019-06-28T17:30.",
    ),
    "question.not_found": (
        "没有“{question}”这一问题。用 duban query list 查看题号和短名。",
        "There is no question “{question}”. duban query list shows numbers and slugs.",
    ),
    "question.awaits": (
        (
            "第{number}题（{slug}）尚不能回答，留痕中还没有：{facts}。"
            "用 duban query list 查看能回答的问题。"
        ),
        (
            "Question {number} ({slug}) has no answer yet; it awaits: {facts}. "
            "duban query list shows those that have one."
        ),
    ),
    "question.gap": (
        "留痕缺少 {key}，据此作答会有错。请先查第50题，并运行 duban audit check。",
        (
            "{key} is missing from the trail, so an answer could be wrong. Ask question 50 first "
            "and run duban audit check."
        ),
    ),
    "question.nothing_yet": (
        "截至 {moment} 该专项还没有任何留痕。请换一个较晚的时刻。",
        "The campaign had no entry by {moment}. Ask for a later moment.",
    ),
    "question.moment_ahead": (
        "{moment} 还没有到。请写现在或过去的时刻。",
        "{moment} is still ahead. Ask for a moment that has passed.",
    ),
    "question.moment": (
        "{campaign}　截至 {moment}　日历第{calendar}版　规则 {policy}　留痕至 {upto}",
        "{campaign}  as of {moment}  calendar {calendar}  policy {policy}  up to {upto}",
    ),
    "question.lacks": (
        "留痕中尚无下列事实，故未计入：{facts}",
        "Not counted, for want of facts on the trail: {facts}",
    ),
    "question.sheet": ("说明", "about"),
}
