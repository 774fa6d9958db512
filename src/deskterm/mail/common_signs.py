"""The signs that East Asian text is mostly made of: what tells its charsets apart.

Bytes of GB 18030, Big5, EUC-JP and the Korean and Japanese sets can often be read in each other's
charset without an error; read in the wrong one they give rare signs (semantics.md §1.11).
"""

_SIMPLIFIED = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道"
    "行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意"
    "无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应向头文体政相见被利什二等"
    "产或新己制身果加月话合回特代内信表化老给世位次度门任常先海通教东提及比员解水名真论处各入几口系气题更别打"
    "电数少报才结反受目再做接必件计管期直德命指许统区保至队形社便空马科司基书非则听白却界达光放强即像难且权思"
    "完设式色路记请帮助密码登录网络邮箱无法打印公司您好谢附件系统服务器"
)
_TRADITIONAL = (
    "這個們來為國說時會對過發後裡種經學現當沒動還進樣開從實軍無與長機應將兩間問關點業頭體見產給處題別數報結"
    "計統區書則聽達強難權設記請幫網絡郵箱無法列印公司您好謝附檔系統伺服器電話連線錯誤使用者帳號密碼"
)
_KOREAN = (
    "이다는을의에가고하지도로한사어기은리자시나있를그해인서대들아보만일라않것수정부게전면제거니스과적여상주장구원"
    "안녕무동말방세요습합입됩출력인쇄비밀번호접속오류문제확인부탁드감컴퓨터메로네트워크서버회사름파트용"
)
_JAPANESE = (
    "".join(map(chr, range(0x3041, 0x3097)))
    + "".join(map(chr, range(0x30A1, 0x30FB)))
    + "ー日本人時間会社件名様御願致確認方法電話番号"
)
COMMON = frozenset(_SIMPLIFIED + _TRADITIONAL + _KOREAN + _JAPANESE)
_RARE_ROWS = (range(0xFF61, 0xFFA0), range(0xE000, 0xF900))
"""Half-width katakana and signs for private use: what wrongly read bytes turn into."""


def commonness(text: str) -> float:
    """Give how much a text is made of common signs: their share of all signs beyond ASCII.

    Below 0 where most of it is half-width katakana or for private use.
    """
    signs = [sign for sign in text if sign > "\x7f"]
    if not signs:
        return 0.0
    common = sum(sign in COMMON for sign in signs)
    rare = sum(any(ord(sign) in row for row in _RARE_ROWS) for sign in signs)
    return (common - 2 * rare) / len(signs)
