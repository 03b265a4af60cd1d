"""Which words of a shop say that an order never was a sale, or was undone (metrics.md §1).

A status is looked at word by word, whatever its case, prefixes and what joins its words: `wc-cancelled`,
`CancelledByBuyer`, `payment_failed`. What is undone in part, or only asked for, is still a sale.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+")
_JOINT: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where a word begins in `cancelledByBuyer`."""

_UNDONE: Final = re.compile(
    "(?:"
    # English
    r"cancell?ed|refunded|voided|failed|failure|declined|denied|rejected|reversed|expired|returned|trash(?:ed)?|draft"
    r"|refused|unsuccessful|uncollectible|bounced|dishonou?red|chargebacks?|chargedback|abandoned|aborted|annulled"
    r"|deleted|incomplete|fraud(?:ulent)?|uncaptured|invalid"
    # German
    r"|storniert\w*|storno|stornierung|abgebrochen\w*|abgelehnt\w*|(?:rueck|zurueck)?erstattet\w*|zurueckgezahlt"
    r"|fehlgeschlagen\w*|gescheitert\w*|retourniert\w*|retoure|zurueckgesandt|zurueckgeschickt|entwurf|verfallen"
    r"|abgelaufen|annulliert\w*|widerrufen|geloescht|ungueltig|rueckbuchung|rueckabgewickelt"
    # French
    r"|annulee?s?|rembourse(?:e?s?)|refusee?s?|echouee?s?|echec|expiree?s?|rejetee?s?|retournee?s?|brouillon"
    r"|abandonnee?s?|supprimee?s?"
    # Spanish, Portuguese, Italian
    r"|cancelad[oa]s?|anulad[oa]s?|reembolsad[oa]s?|devuelt[oa]s?|rechazad[oa]s?|fallid[oa]s?|expirad[oa]s?"
    r"|caducad[oa]s?|denegad[oa]s?|borrador|estornad[oa]s?|devolvid[oa]s?|recusad[oa]s?|rejeitad[oa]s?|falhou"
    r"|falhad[oa]s?|rascunho|abandonad[oa]s?|eliminad[oa]s?|negad[oa]s?"
    r"|annullat[oaie]|cancellat[oaie]|rimborsat[oaie]|rifiutat[oaie]|fallit[oaie]|scadut[oaie]|respint[oaie]"
    r"|restituit[oaie]|reso|bozza|stornat[oaie]|negat[oaie]"
    # Dutch, Danish, Swedish, Norwegian
    r"|geannuleerd|terugbetaald|geweigerd|mislukt|verlopen|geretourneerd|teruggestuurd|afgewezen|concept"
    r"|annulleret|refunderet|refundert|afvist|mislykket|mislykkedes|fejlet|udlobet|returneret|tilbagebetalt|kladde"
    r"|afbrudt|avbruten|annullerad|kansellert|refunderad|aterbetald|makulerad|avvist|avvisad|misslyckad\w*"
    # Polish
    r"|anulowan\w*|zwrocon\w*|zwrot|odrzucon\w*|nieudan\w*|wygasl\w*|szkic|odwolan\w*"
    # Czech, Slovak, Slovene, Croatian, Serbian
    r"|zrusen\w*|stornovan\w*|vracen\w*|vraten\w*|refundovan\w*|zamitnut\w*|zamietnut\w*|neuspesn\w*|vyprsel\w*"
    r"|preklican\w*|vrnjen\w*|stornirano?|otkazan[oaei]?|ponisten[oaei]?|odbijen[oaei]?|neuspjel\w*"
    # Romanian, Hungarian
    r"|anulat[ae]?|rambursat[ae]?|returnat[ae]?|respins[ae]?|esuat[ae]?|stornat[ae]?"
    r"|toeroelve|toeroelt|lemondva|lemondott|visszamondva|visszateritve|visszakueldve|visszakueldoett|sztorno\w*"
    r"|elutasit\w*|sikertelen|meghiusult|lejart"
    # Finnish, Estonian, Latvian, Lithuanian, and Swedish, Norwegian once more
    r"|peruttu|peruutettu|hylaetty|palautettu|hyvitetty|epaeonnistu\w*|vanhentunut|tuhistatud|tagastatud"
    r"|atcelt\w*|atsaukt\w*|grazint\w*|avbestaelld|returnerad|nekad|aterkallad|avbestilt|avlyst|returnert"
    # Turkish, Greek, Indonesian, Vietnamese, Arabic, Persian, Hebrew, Bulgarian
    r"|iptal|iade|reddedildi|basar[iı]s[iı]z|ακυρω\w*|επιστραφ\w*|απορριφ\w*|αποτυχ\w*|απετυχε"
    r"|batal|dibatalkan|pembatalan|gagal|ditolak|dikembalikan|huy"
    r"|ملغ[يى]|ملغاة|ملغية|مسترجع|مرتجع|مسترد|مرفوض|فشل|فاشل|لغو|בוטל\w*|מבוטל\w*|הוחזר\w*|נדחת?ה|נכשל\w*"
    r"|анулиран\w*|върнат\w*"
    # Russian, Ukrainian
    r"|отмен\w*|возврат\w*|возвращ\w*|отклон\w*|неудач\w*|истек\w*|черновик|аннулир\w*|отказ\w*|сторнир\w*"
    r"|скасован\w*|повернен\w*|повернут\w*|відхилен\w*|невдал\w*|чернетка|анульован\w*|відмов\w*"
    r"|skasovan\w*|povernen\w*|vidkhylen\w*|vidhylen\w*|otmenen\w*|vozvrat\w*|vozvrashch\w*|otklonen\w*"
    # Turkish, Czech, Slovak, Hungarian, Romanian, Finnish
    r"|iptal|iade|reddedildi|basarisiz|taslak|iadeli"
    r"|stornovan\w*|zrusen\w*|vracen\w*|vraten\w*|zamitnut\w*|zamietnut\w*|neuspesn\w*"
    r"|sztorno\w*|lemondva|lemondott|torolve|torolt|visszaterit\w*|visszavont|visszautasit\w*|elutasit\w*"
    r"|anulat[aei]?|rambursat[aei]?|returnat[aei]?|respins[aei]?|esuat[aei]?|peruttu|palautettu|hylatty"
    ")",
)
"""Words that say it on their own."""
_NOUNS: Final = frozenset(
    [
        *("cancel", "cancellation", "cancelation", "refund", "return", "reversal", "void", "fail", "reject"),
        *("decline", "test", "error", "lost", "quotation", "quote", "angebot", "devis", "presupuesto", "cotizacion"),
        *("preventivo", "offerte", "orcamento"),
    ]
)
"""Those that say it where nothing but words beside the matter stand with them."""
_BACK: Final = re.compile(
    r"refunds?|returns?|reversals?|chargebacks?|storno|stornierung|retoure|rueckbuchung|zwrot|возврат\w*|iade"
    r"|creditnotes?|creditmemos?|gutschrift(?:en)?|stornorechnung(?:en)?|rechnungskorrektur(?:en)?|avoirs?|creditnota"
    r"|kreditnota|kreditfaktura|rectificativas?|korekta|korygujac\w*|dobropis\w*|коригуван\w*|корректировоч\w*"
    r"|hyvityslasku"
)
_CREDIT_NOTE: Final = re.compile(
    r"\b(?:credit|kredit) (?:note|memo|invoice)|\bnota de abono|\bnotas? (?:de |di )?credito|\bcredit ?nota\b"
    r"|\bfaktura kory|кредит нота|\breturn order\b"
)
"""Nouns for money that goes back: beside a negative amount they say what the row is."""
_BESIDE: Final = frozenset(
    [
        "wc",
        "order",
        "orders",
        "status",
        "payment",
        "transaction",
        "sale",
        "is",
        "was",
        "by",
        "the",
        "a",
        "full",
        "fully",
        "complete",
        "completely",
        "customer",
        "buyer",
        "seller",
        "merchant",
        "shop",
        "store",
        "admin",
        "user",
        "client",
        "system",
        "bank",
        "card",
        "issued",
        "sent",
        "closed",
        "deal",
    ]
)
_SAVED: Final = re.compile(
    r"partial\w*|partly|teil\w*|partiel\w*|parcial\w*|parzial\w*|gedeeltelijk\w*|delvi[st]\w*|czesciow\w*|частич\w*"
    r"|частков\w*|kismi|kismen|castecn\w*|reszben|partial|request\w*|pending|await\w*|asked|beantragt|angefragt|angefordert|demandee?|solicitad[oa]"
    r"|richiest[oa]|not|non|no|never|nicht|nie|pas|не"
)
"""Words beside which it is so in part only, or not yet."""
_NO_SALE: Final = re.compile(
    r"fees?|payouts?|withdrawals?|transfers?|deposits?|topups?|reserves?|holds?|disbursements?|settlements?|loans?"
    r"|conversions?|commissions?|gebuehr(?:en)?|gebühr(?:en)?|auszahlung(?:en)?|abbuchung(?:en)?|frais|virement"
    r"|comisi[oó]n(?:es)?|commissioni?|retiro|prelievo|bonifico|opłata|wypłata|комиссия|вывод|выплата|перевод|комісія"
)

_PAPER: Final = re.compile(
    r"quotes?|quotations?|estimates?|proforma|angebote?|kostenvoranschlag|lieferscheine?|devis|presupuestos?|cotizacion"
    r"|preventiv[oi]|orcamentos?|offertes?|tilbud|offert|oferta|wycena|nabidka|teklif|коммерческое|кошторис"
)
"""Papers of a trade that is no sale yet."""

_NOT_YET: Final = re.compile(
    r"pending|await\w*|unpaid|draft|refused|unsuccessful|uncollectible|fail\w*|declin\w*|denied|reject\w*|expired|incomplete"
    r"|abandoned|aborted|uncaptured|invalid"
    r"|ausstehend|offen|fehlgeschlagen\w*|gescheitert\w*|abgelehnt\w*|abgebrochen\w*|entwurf|verfallen|abgelaufen"
    r"|attente|refusee?s?|echouee?s?|echec|expiree?s?|rejetee?s?|brouillon|abandonnee?s?"
    r"|pendiente|pendente|rechazad[oa]s?|fallid[oa]s?|expirad[oa]s?|caducad[oa]s?|denegad[oa]s?|borrador|recusad[oa]s?"
    r"|rejeitad[oa]s?|falh\w*|rascunho|attesa|rifiutat[oaie]|fallit[oaie]|scadut[oaie]|respint[oaie]|bozza"
    r"|geweigerd|mislukt|verlopen|afgewezen|concept|wachten\w*|afventer|afvist|misly\w*|fejlet|udlobet|kladde|avvis\w*"
    r"|oczek\w*|odrzucon\w*|nieudan\w*|wygasl\w*|szkic|ожида\w*|отклон\w*|неудач\w*|истек\w*|черновик"
    r"|очіку\w*|відхилен\w*|невдал\w*|чернетка"
)
"""Words of an order that nobody has paid yet, or could not: it may still be paid."""
_UNPAID: Final = re.compile(
    r"unpaid|not (?:yet )?paid|(?:wc|financial|payment) pending|pending payment|await\w* payment"
    r"|payment (?:due|required)"
    r"|past due|overdue|unbezahlt|nicht bezahlt|noch offen|(?:zahlung|bezahlung) (?:ausstehend|offen)|ueberfaellig"
    r"|impayee?s?|non payee?s?|attente (?:de |du )?p[ai]i?ement|no pagad[oa]|pendiente de pago|impagad[oa]"
    r"|nao pag[oa]"
    r"|aguardando pagamento|non pagat[oa]|attesa (?:di |del )?pagamento|insolut[oa]|niet betaald|onbetaald"
    r"|ikke betalt|ubetalt|obetald|ej betald|nieoplacon\w*|niezaplacon\w*|oczek\w* na (?:platnosc|wplate)"
    r"|не ?оплач\w*|ожида\w* оплат\w*|не ?сплач\w*|очіку\w* оплат\w*"
)
"""What says that nobody has paid it yet."""
_OTHERWISE: Final = (
    *(("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "o"), ("ł", "l"), ("å", "a"), ("ß", "ss"), ("ı", "i")),
)
_WRITTEN_TOGETHER: Final = re.compile(
    "取消|交易关闭|交易關閉|退款|退货|退貨|失败|失敗|拒绝|拒絕|作废|キャンセル|返金|返品|취소|환불|반품|ยกเลิก|คืนเงิน|ล้มเหลว|रद्द"
)
_IN_PART: Final = re.compile("部分|一部|부분")


@lru_cache(maxsize=4096)
def is_undone(status: str) -> bool:
    """Whether a status means that the order never was a sale, or was undone as a whole."""
    if _WRITTEN_TOGETHER.search(status):
        return not _IN_PART.search(status)
    found = [_folded(word) for word in _WORD.findall(_JOINT.sub(" ", unicodedata.normalize("NFC", status)))]
    if any(_SAVED.fullmatch(word) for word in found):
        return False
    if any(_UNDONE.fullmatch(word) for word in found):
        return True
    if found[:2] in (["charged", "back"], ["charge", "back"], ["requires", "payment"]):
        return True
    nouns = [word for word in found if word in _NOUNS]
    return bool(nouns) and all(word in _NOUNS or word in _BESIDE for word in found)


@lru_cache(maxsize=4096)
def is_unpaid(status: str) -> bool:
    """Whether a status means that the order is still to be paid, as an invoice may be."""
    return _UNPAID.search(" ".join(_folded(word) for word in _WORD.findall(_JOINT.sub(" ", status)))) is not None


@lru_cache(maxsize=4096)
def stage(status: str) -> int:
    """How far an order of this status is in its life: 0 not paid yet, or in vain; 1 sold; 2 undone afterwards."""
    if any(_NOT_YET.fullmatch(_folded(word)) for word in _WORD.findall(_JOINT.sub(" ", status))):
        return 0
    return 2 if is_undone(status) else 1


@lru_cache(maxsize=4096)
def is_money_back(status: str) -> bool:
    """Whether a status, or a type, names a refund, as one of a row of its own does."""
    found = [_folded(word) for word in _WORD.findall(_JOINT.sub(" ", status))]
    is_back = any(_BACK.fullmatch(word) for word in found) or _CREDIT_NOTE.search(" ".join(found))
    return bool(is_back) and not any(_SAVED.fullmatch(word) for word in found)


@lru_cache(maxsize=4096)
def is_no_sale(kind: str) -> bool:
    """Whether a row of this type is about what the shop pays or moves, or no sale yet: `stripe_fee`, `quote`."""
    found = _WORD.findall(_JOINT.sub(" ", kind))
    return is_not_yet_sale(kind) or any(_NO_SALE.fullmatch(word.lower()) for word in found)


@lru_cache(maxsize=4096)
def is_not_yet_sale(kind: str) -> bool:
    """Whether a row of this type is a quotation or the like."""
    return any(_PAPER.fullmatch(_folded(word)) for word in _WORD.findall(_JOINT.sub(" ", kind)))


def undone_among(statuses: Iterable[str], listed: Iterable[str], by_meaning: bool) -> list[str]:
    """Those of `statuses` that leave an order out: the `listed` ones whatever their case, and, `by_meaning`,
    all that mean the same."""
    exact = {status.strip().lower() for status in listed}
    return [s for s in statuses if s.strip().lower() in exact or (by_meaning and is_undone(s))]


def _folded(word: str) -> str:
    """Lower case, without accents; German umlauts as two letters, as they are written where there are none."""
    word = word.lower()
    for letter, letters in _OTHERWISE:
        word = word.replace(letter, letters)
    if not word.isascii() and not re.search(r"[а-яіїєґё]", word):
        word = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return word.replace("ё", "е")
