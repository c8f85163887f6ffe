"""The 52 questions of the supervision group in words (domain.md i.2), by their numbers."""

_ASKED: dict[int, tuple[str, str]] = {
    1: (
        "这一时限是谁延的？何时延、延多久、什么理由、谁批准、谁申请、有何佐证？",
        (
            "Who extended this deadline, when, by how much, on what reason, approved by whom, "
            "on whose request, with what evidence?"
        ),
    ),
    2: (
        "哪些单位以同类理由申请延期却被拒绝？谁作了不同决定？",
        (
            "Which units asked for the same kind of extension and were refused? "
            "Who decided differently?"
        ),
    ),
    3: (
        "哪些延期申请是逾期之后才提出的？有没有被当作有效申请处理？",
        "Which extensions were filed after expiry, and was any treated as valid?",
    ),
    4: (
        "哪位决定人批准延期最多、批给哪些单位？他是否曾在这些单位任职？",
        (
            "Which approver grants the most extensions, to which units, and did they belong to "
            "those units before?"
        ),
    ),
    5: (
        "按最初的日历版本，时限应在哪一天到期？",
        "What would the due date have been under the original calendar version?",
    ),
    6: (
        "哪些时限逾期了、逾期多久、越过了哪一级督办？由谁、因何越过？",
        (
            "Which deadlines were breached, for how long, and what level of escalation was "
            "skipped? By whom, why?"
        ),
    ),
    7: (
        "哪些停止计时没有证明文件？",
        "Which clock stops were granted without a supporting document?",
    ),
    8: (
        "哪些黄牌、红牌被撤销？由谁、因何撤销？",
        "Which cards were voided, by whom, with what reason?",
    ),
    9: (
        "问题由谁销号、谁核验，现场还是书面，凭什么佐证，申请后多少分钟？",
        (
            "Who signed off problem P, who verified it, on site or at the desk, with what "
            "evidence, how many minutes after the request?"
        ),
    ),
    10: (
        "哪些问题销号时没有成效佐证？佐证早于交办？佐证文件在别处用过？",
        (
            "Which problems were closed with no outcome evidence? With evidence older than "
            "assignment? With a file used elsewhere?"
        ),
    ),
    11: (
        "哪些已销号的问题半年内又出现？当初由谁签字？",
        "Which signed-off problems came back within 6 months, and who had signed them?",
    ),
    12: (
        "哪些核验人的回头看不合格率最高？",
        "Which verifiers have the highest look-back failure rate?",
    ),
    13: (
        "这一问题的描述、目标、责任单位有过哪些版本：谁、何时改轻了？",
        (
            "Show every version of this problem's description, target and responsible unit: "
            "who softened it and when?"
        ),
    ),
    14: (
        "哪些问题被并案、查否或最终答复？由谁决定？反映人怎么说？",
        (
            "Which problems were merged, disproved or final-answered, by whom, and what did the "
            "complainant say?"
        ),
    ),
    15: (
        "哪些单位只作解释、连续几次？之后如何处理？",
        "Which units replied only with explanations, how many times in a row, and what followed?",
    ),
    16: (
        "哪些硬骨头事项本阶段没有经核验的进展，而容易的已经办结？",
        (
            "Which hard_bone items have had no verified progress this phase while easy ones "
            "were closed?"
        ),
    ),
    17: (
        "每个问题在各状态停留多久？压在谁的手里？",
        "How long did each problem wait in each state, and whose desk was it on?",
    ),
    18: (
        "哪些退单在单位之间来回？最后由谁裁定？",
        "Which return requests bounced between units, and who finally decided?",
    ),
    19: (
        "哪些问题是单位自己发现的？哪些是别人发现之后才报的？",
        "Which problems did the unit find itself, and which only after someone else did?",
    ),
    20: (
        "实施方案的哪些举措没有任务承接，或者后来失去了任务？",
        "Which measures of the implementation plan have no task, or lost their task later?",
    ),
    21: (
        "启动之后谁改了阶段目标的目标值或基线？经谁批准？",
        "Who changed a phase goal's target or baseline after launch, with what approval?",
    ),
    22: (
        "哪些单位方案几分钟就一次审核通过？哪些与市方案雷同？",
        (
            "Which unit plans passed on first review within minutes? Which are near-copies of "
            "the city plan?"
        ),
    ),
    23: (
        "哪些目标认定为实现，而申报值与核验值不一致？",
        "Which goals were accepted as achieved with claimed ≠ verified value?",
    ),
    24: (
        "哪个关口是越过条件签署的？结转的目标后来实现了没有？",
        "Which gate was passed by override, and were the carried-over goals ever met?",
    ),
    25: (
        "哪些专项组对事项超过十个工作日没有指导记录？",
        "Which campaign groups logged no guidance for an item over 10 working days?",
    ),
    26: (
        "某组在某日会议上承诺了什么？结果如何？",
        "What did group G promise at the meeting of date D, and what happened?",
    ),
    27: (
        "签到之前谁知道督查对象？何时看到的？",
        "Who knew the target of inspection X before check-in, and when did they read it?",
    ),
    28: (
        "重算某次抽签：总体、参数、种子；结果是否一致？前后有无作废的抽签？",
        (
            "Recompute draw N: population, parameters, seed; does the result match? Were there "
            "voided draws around it?"
        ),
    ),
    29: (
        "有没有应列入的对象被排除在抽签总体之外？由谁、因何？",
        "Was any eligible site excluded from the population, by whom, why?",
    ),
    30: (
        "本阶段哪些单位一次未抽到？哪些被查次数超过限额？",
        (
            "Which units have not been drawn this phase, and which were checked more often than "
            "the budget allows?"
        ),
    ),
    31: (
        "哪些督查人员督查了与自己有关联的单位？",
        "Which inspectors inspected a unit they had ties with?",
    ),
    32: (
        "现场记录中的哪些问题没有写进督查结论？谁删的？",
        (
            "Which findings in the field record are missing from the issued conclusion? "
            "Who removed them?"
        ),
    ),
    33: (
        "哪些督查没有授权文件或者扩大了范围？",
        "Which inspections lacked an authorising document or widened their scope?",
    ),
    34: (
        "各类督查发现多少问题？多少销号后没有反弹？",
        "How many findings per kind of inspection, and how many led to sign-off that held?",
    ),
    35: (
        "某日收到哪些线索、来自哪类渠道？现在到了哪里？",
        "Which clues were received on date D, from whom (class), and where is each now?",
    ),
    36: (
        "哪些线索有组知道却没有按时上报或移交？",
        "Which clues were known to a group but not reported or transferred in time?",
    ),
    37: (
        "某单位的全部问责情形：谁处置、什么理由；哪些同类单位处理不同？",
        (
            "For unit U: all triggers, who disposed of each, with what reason; which similar "
            "units were treated differently?"
        ),
    ),
    38: (
        "哪些通报点了单位没点人、不合点名规定？谁去掉了姓名？",
        (
            "Which circulars named units but not persons, against the naming policy, who removed "
            "the names?"
        ),
    ),
    39: (
        "通报从起草到印发改了什么？谁改的？",
        "Between draft and issue of circular C, what changed, by whom?",
    ),
    40: (
        "事实发生之日，某单位的主要领导是谁？",
        "Who was principal leader of unit U on the date of the fact?",
    ),
    41: (
        "主管机关的哪些决定一个月内没有执行或归档？",
        "Which decisions by competent bodies are not yet executed or filed within one month?",
    ),
    42: ("哪些问责建议始终没有答复？", "Which proposals were never answered?"),
    43: ("谁看过某线索的举报人记录？", "Who read the whistle-blower record of clue K?"),
    44: (
        "哪些领导批示到期没有结果？",
        "Which leaders' instructions have no result within their limit?",
    ),
    45: (
        "以周报上印的校验值核对从甲到乙的留痕链。",
        "Verify the hash chain from A to B against the hashes printed in the weekly digests.",
    ),
    46: (
        "哪些事是代办的？谁代谁办的？",
        "Which actions were done under delegation, by whom for whom?",
    ),
    47: (
        "本月哪些操作被拒绝？按规则、按人列出。",
        "Which commands were rejected, by rule, by user, this month?",
    ),
    48: (
        "启动之后改了哪些规则参数？谁批准？影响哪些单位？",
        "Which policy parameters changed after launch, who approved, which units were affected?",
    ),
    49: (
        "某日 17:30 专项是什么状况？",
        "What did the state of campaign C look like at 17:30 on date D (as-of query)?",
    ),
    50: (
        "哪些管理员操作绕过了应用直接触及数据库？",
        "Which administrator actions touched the database outside the application?",
    ),
    51: (
        "本月给某单位增加了多少填报负担（表格、字段、分钟、督查）？",
        (
            "How much reporting burden did we put on unit U this month (forms, fields, minutes, "
            "inspections)?"
        ),
    ),
    52: (
        "谁重算了考评？用的哪个规则版本？结果能否重现？",
        "Who recalculated the scoreboard, with which policy version, and does it reproduce?",
    ),
}

QUESTIONS: dict[str, tuple[str, str]] = {
    f"question.{number}": words for number, words in _ASKED.items()
}
