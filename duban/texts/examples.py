"""One working example per command, shown on its help page and parsed by a test."""

from duban.texts.clue_help import CLUE_EXAMPLES
from duban.texts.draw_records import RECORD_EXAMPLES
from duban.texts.draws import DRAW_EXAMPLES
from duban.texts.inspection_help import INSPECTION_EXAMPLES
from duban.texts.intake import INTAKE_EXAMPLES
from duban.texts.ledger_words import LEDGER_EXAMPLES
from duban.texts.problem_help import PROBLEM_EXAMPLES

EXAMPLES: dict[str, str] = {
    **PROBLEM_EXAMPLES,
    **DRAW_EXAMPLES,
    **RECORD_EXAMPLES,
    **INTAKE_EXAMPLES,
    **LEDGER_EXAMPLES,
    **CLUE_EXAMPLES,
    **INSPECTION_EXAMPLES,
    "unit.profile": "duban unit profile U03 --as CO-1",
    "campaign.list": "duban campaign list --stage implement",
    "campaign.show": "duban campaign show BE-2019",
    "campaign.start": "duban campaign start examples/business.xlsx --as OF-1",
    "campaign.template": "duban campaign template plan.xlsx",
    "campaign.export": "duban campaign export BE-2019 now.xlsx",
    "campaign.gate": "duban campaign gate BE-2019 --gate G1",
    "campaign.restore": "duban campaign restore BE-2019",
    "campaign.rehearse": "duban campaign rehearse examples/business.xlsx -o xlsx --out dates.xlsx",
    "campaign.establish": "duban campaign establish BE-2019 --doc-no 会议纪要1号 --as LG-1",
    "campaign.submit-plan": "duban campaign submit-plan BE-2019 --doc-no 方案1号 --as CG-1",
    "campaign.review-plan": (
        "duban campaign review-plan BE-2019 --passed --doc-no 审核1号 --opinion 同意 "
        "--detail facts=调研报告 --as CO-1"
    ),
    "campaign.approve-plan": "duban campaign approve-plan BE-2019 --doc-no 批复1号 --as LG-1",
    "campaign.submit-unit-plan": (
        "duban campaign submit-unit-plan BE-2019 U03 --doc-no 方案3号 --as U03-L1"
    ),
    "campaign.review-unit-plan": (
        "duban campaign review-unit-plan BE-2019 U03 --returned --opinion 措施不具体 --as CO-1"
    ),
    "campaign.file-document": (
        "duban campaign file-document BE-2019 phase_report --doc-no 报告1号 "
        "--title 评估报告 --as CG-1"
    ),
    "campaign.sign-gate": "duban campaign sign-gate BE-2019 G1 --doc-no 会议纪要2号 --as LG-1",
    "campaign.call-review": "duban campaign call-review BE-2019 --as OF-1",
    "campaign.order-makeup": (
        "duban campaign order-makeup BE-2019 --until 2019-07-31 --doc-no 会议纪要3号 "
        "--reason 目标未实现 --as LG-1"
    ),
    "campaign.suspend": "duban campaign suspend BE-2019 --reason 防汛 --doc-no 决定1号 --as LG-1",
    "campaign.resume": "duban campaign resume BE-2019 --reason 防汛结束 --doc-no 决定2号 --as LG-1",
    "campaign.terminate": (
        "duban campaign terminate BE-2019 --reason 并入其他专项 --doc-no 决定3号 "
        "--dispose B-01=U03:继续推进 --as LG-1"
    ),
    "campaign.archive": "duban campaign archive BE-2019 --doc-no 归档1号 --as OF-1",
    "campaign.change-lead-group": (
        "duban campaign change-lead-group BE-2019 --lead-body coordination_group "
        "--title 综合协调组 --doc-no 决定4号 --reason 机构调整 --as LG-1"
    ),
    "campaign.replace-person": (
        "duban campaign replace-person BE-2019 U03-L1 --post principal_leader "
        "--successor U03-L2 --successor-name 李某 --basis-doc 任免1号 --as OF-1"
    ),
    "campaign.delegate": (
        "duban campaign delegate BE-2019 OF-2 OF-1 --post office --from-on 2019-05-06 "
        "--until-on 2019-05-17 --basis-doc 授权1号 --as LG-1"
    ),
    "plan.check": "duban plan check examples/business.xlsx",
    "plan.shift": "duban plan shift examples/business.xlsx next.xlsx --launch 2027-03-01",
    "task.list": "duban task list --campaign BE-2019 --unit U03",
    "task.show": "duban task show BE-2019 B-04",
    "task.accept": "duban task accept BE-2019 B-04 --as U02-L1",
    "task.request-return": (
        "duban task request-return BE-2019 B-04 --grounds 职责不符 --legal-basis 三定规定 "
        "--proposed-unit U03 --as U02-L1"
    ),
    "task.adjudicate-return": (
        "duban task adjudicate-return BE-2019 B-04 --no --reason 属本单位职责 --as OF-1"
    ),
    "task.submit-item-plan": (
        "duban task submit-item-plan BE-2019 B-04 --doc-no 方案4号 --as U02-H1"
    ),
    "task.assign-item": (
        "duban task assign-item BE-2019 B-04 --matter 流程再造方案 --limit 29wd --as CG-1"
    ),
    "task.claim": (
        "duban task claim BE-2019 B-04 --result 办理时间压缩到3日 "
        "--evidence outcome:办件系统日志 --as U02-L1"
    ),
    "task.verify": (
        "duban task verify BE-2019 B-04 --passed --opinion 现场核验属实 "
        "--evidence outcome:抽样办件20件 --as CG-1"
    ),
    "task.close": "duban task close BE-2019 B-04 --opinion 同意销号 --as OF-1",
    "task.cancel": ("duban task cancel BE-2019 B-04 --reason 职能划转 --doc-no 决定5号 --as LG-1"),
    "goal.list": "duban goal list --campaign BE-2019 --phase 1",
    "goal.show": "duban goal show BE-2019 B-04/P1",
    "goal.record": "duban goal record BE-2019 B-04/P1 --value 4.5 --as U02-H1",
    "goal.claim": (
        "duban goal claim BE-2019 B-04/P1 --value 3 --evidence outcome:办件系统日志 --as U02-L1"
    ),
    "goal.verify": (
        "duban goal verify BE-2019 B-04/P1 --value 3 --on-site --opinion 属实 "
        "--evidence outcome:抽样办件20件 --as CG-1"
    ),
    "goal.decide": (
        "duban goal decide BE-2019 B-04/P1 carried_over --new-due-on 2019-09-27 "
        "--reason 系统未上线 --doc-no 决定6号 --as LG-1"
    ),
    "unit.list": "duban unit list --campaign BE-2019",
    "person.list": "duban person list --campaign BE-2019 --unit U03",
    "deadline.list": "duban deadline list --campaign BE-2019 --due-until 2019-06-28",
    "deadline.show": "duban deadline show BE-2019 D0012",
    "deadline.extend": (
        "duban deadline extend BE-2019 D0012 --reason-class funding --reason 资金未到位 "
        "--work-done 已完成招标 --what-differs 资金已落实 --evidence process:中标通知书 "
        "--new-due-on 2019-07-05 --signed-by U02-L1 --as U02-L1"
    ),
    "deadline.decide-extension": (
        "duban deadline decide-extension BE-2019 E0001 --yes --reason 情况属实 --as CG-1"
    ),
    "deadline.remedy": (
        "duban deadline remedy BE-2019 D0012 --on 2019-07-12 --reason 限期补救 --as OF-1"
    ),
    "deadline.stop": (
        "duban deadline stop BE-2019 D0012 --ground tender --proof 招标公告1号 --as OF-1"
    ),
    "deadline.resume": "duban deadline resume BE-2019 D0012 --reason 招标完成 --as OF-1",
    "deadline.conclude": (
        "duban deadline conclude BE-2019 D0012 --result 已办结 --evidence outcome:验收单 --as CG-1"
    ),
    "extension.list": "duban extension list --campaign BE-2019",
    "notice.list": "duban notice list --campaign BE-2019 --to U02-L1",
    "spot-check.order": (
        "duban spot-check order BE-2019 --theme 窗口首问负责 --scope U03 --scope U07 "
        "--authorising-doc 督查授权1号 --ordering-body U15 "
        "--designation-doc 指定1号 --as SU-1"
    ),
    "calendar.show": "duban calendar show 2019",
    "calendar.check": "duban calendar check --from 2019-04-26 --plus 4wd",
    "calendar.list": "duban calendar list",
    "calendar.import": "duban calendar import examples/calendars/2019-amended.csv",
    "calendar.publish": "duban calendar publish --doc 国办发明电〔2019〕3号 --as OF-1",
    "audit.list": "duban audit list --campaign BE-2019 --action campaign:task --since 2019-05-01",
    "audit.show": "duban audit show campaign-BE-2019#12",
    "audit.check": "duban audit check",
    "audit.verify": "duban audit verify --policy policy.txt --anchor kept.note",
    "audit.manifest": "duban audit manifest manifest.json",
    "audit.receipts": "duban audit receipts receipts.tlog-proof --as SU-1",
    "audit.witness-status": "duban audit witness-status --policy policy.txt",
    "audit.seal-key": "duban audit seal-key supervision-2027 supervision.key",
    "audit.seal": "duban audit seal --recipient supervision.pub --file plan.txt --as SU-1",
    "audit.reveal": "duban audit reveal sealed#12 --key supervision.key --as SU-1",
    "audit.erase": (
        "duban audit erase request campaign-BE-2019#12 --slot name "
        "--basis 个人信息保护法第四十七条 --as OF-1"
    ),
    "audit.export": "duban audit export --campaign BE-2019 BE-2019.zip --as SU-1",
    "audit.proof": "duban audit proof campaign-BE-2019#12 --out entry.tlog-proof --as SU-1",
    "audit.verify-entry": "duban audit verify-entry entry.tlog-proof --policy policy.txt",
    "audit.consistency": "duban audit consistency 1000 2000",
    "audit.anchor": "duban audit anchor --png anchor.png",
    "audit.search": (
        "duban audit search --text 消防通道 --since 2019-05-01 --all -o xlsx --out found.xlsx"
    ),
    "audit.tail": "duban audit tail -f --campaign BE-2019",
    "audit.feed": "duban audit feed --after 1041 --limit 1000",
    "audit.stats": "duban audit stats --by tag --campaign BE-2019",
    "audit.reindex": "duban audit reindex",
    "ledger.rebuild": "duban ledger rebuild",
    "ledger.diff": "duban ledger diff",
    "witness.serve": (
        "duban witness serve --policy policy.txt --key witness.key --state state "
        "--listen 0.0.0.0:8780 --new"
    ),
    "witness.keygen": "duban witness keygen witness.example.org/w1 witness.key",
    "sequencer.keygen": "duban sequencer keygen duban.example.org/log log.key",
    "codec.keys": "duban codec keys",
    "codec.new-key": "duban codec new-key",
    "codec.serve": "duban codec serve --as SU-1",
    "query.list": "duban query list",
    "query.ask": "duban query ask 6 --campaign BE-2019 --as-of 2019-06-28T17:30 --unit U02",
    "doctor": "duban doctor -o json",
    "up": "duban up",
    "down": "duban down",
    "worker": "duban worker",
    "migrate": "duban migrate",
    "demo": "duban demo",
    "version": "duban version",
}
