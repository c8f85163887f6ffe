"""Wording a plan may not have: a target that aims at nothing, a task about one court case."""

import re
import unicodedata

_NOBODY_IN_PARTICULAR = (
    "全市各级各部门", "全市各地各单位", "全市各单位", "各级各部门", "各地各单位", "各部门各单位",
    "全体干部职工", "所有单位", "全部单位", "有关单位", "相关单位", "各单位", "各部门",
    "各地", "各级", "全市", "全体",
)  # fmt: skip
_NOTHING_IN_PARTICULAR = (
    "进一步", "不断", "切实", "全面", "持续", "大力", "着力", "加强", "提高", "提升", "改进",
    "增强", "强化", "优化", "推进", "改善", "工作", "作风", "水平", "意识", "质量", "能力",
    "认识", "建设", "力度", "管理", "服务", "效能", "的", "和", "与", "及",
)  # fmt: skip
_EMPTY_WORDS = re.compile("|".join((*_NOBODY_IN_PARTICULAR, *_NOTHING_IN_PARTICULAR)))
_NOT_A_WORD = re.compile(r"[\W_]+")

# Year in brackets, court (a province or 最 for the highest), type of case, number, as in
# （2019）黑01民初123号. In a document number, 国办发〔2019〕3号, the serial follows the year.
_COURT = (
    "[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼"
    "渝川贵云藏陕甘青宁新兵]|最高?法?"
)  # fmt: skip
_CASE_NUMBER = re.compile(
    rf"[(〔\[](?:19|20)\d{{2}}[)〕\]]\s*(?:{_COURT})\s*\d{{0,4}}\s*"
    r"[民刑行执赔破财][\u4e00-\u9fff]{0,4}\s*\d+\s*号"
)


def is_vague(target_object: str) -> bool:
    """Say whether a target names neither a unit nor a matter, as in 全市各单位进一步提高 (K34)."""
    rest = _EMPTY_WORDS.sub("", unicodedata.normalize("NFKC", target_object))
    return not _NOT_A_WORD.sub("", rest)


def case_number(text: str) -> str | None:
    """Return the court case number that `text` names, if any (K73: courts decide cases alone)."""
    found = _CASE_NUMBER.search(unicodedata.normalize("NFKC", text))
    return found.group() if found else None
