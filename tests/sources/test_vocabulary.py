"""What columns are called: every language and system by its own words, none of them for two roles."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from ltvtui.sources.catalog_table import CatalogColumn
from ltvtui.sources.detection import vocabulary
from ltvtui.sources.detection.scoring import amount_score, customer_score, date_score, order_id_score
from ltvtui.sources.detection.vocabulary import fold, meaning, system_of

FILES = Path(vocabulary.__file__).parent
ROLES = ("order_id", "customer", "date", "amount", "status", "currency")
IDS = tuple(range(1, 41))
WHO = tuple(i * 7 % 11 for i in range(40))
DAYS = tuple(f"2024-03-{i % 28 + 1:02}" for i in range(40))
MONEY = tuple(i + 0.25 for i in range(40))


def rows(name: str) -> list[dict[str, str]]:
    with (FILES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def groups() -> dict[str, set[str]]:
    return {r["group"]: {word.partition("=")[0] for word in r["words"].split()} for r in rows("roles.csv")}


def test_no_word_stands_for_two() -> None:
    english = {word for name, group in groups().items() if "events" not in name for word in group}
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows("languages.csv"):
        for word in row["words"].split():
            found[fold(word)].add(row["concept"])
            if fold(word) in english:
                found[fold(word)].add(fold(word))
    assert {word: concepts for word, concepts in found.items() if len(concepts) > 1} == {}
    assert len({row["language"] for row in rows("languages.csv")}) >= 22


def test_a_word_of_a_required_role_speaks_against_no_other() -> None:
    told = groups()
    assert not told["amount"] & told["amount_bad"]
    assert not told["party"] & (told["order"] | told["date"] | told["amount"])
    assert not told["date"] & told["amount"]
    assert not told["date_good"] & told["date_bad"]


def test_no_column_of_a_system_plays_two_roles() -> None:
    for row in rows("systems.csv"):
        played = [fold(c) for role in ROLES for c in row[role].split("|") if c]
        assert len(played) == len(set(played)), row["system"]
        assert all(row[role] for role in ("customer", "date", "amount")), row["system"]
        assert len(row["sign"].split("|")) >= 2, row["system"]
    assert len(rows("systems.csv")) >= 60


@pytest.mark.parametrize("row", rows("systems.csv"), ids=lambda row: row["system"])
def test_each_system_is_known_by_its_columns(row: dict[str, str]) -> None:
    names = [c for field in ("sign", *ROLES) for c in row[field].split("|") if c]
    found = system_of(dict.fromkeys(names))
    assert found is not None
    for role in ("customer", "date", "amount"):
        assert found.columns[role] in names


def test_a_few_general_names_are_of_no_system() -> None:
    assert system_of(("customer_id", "order_date", "amount")) is None
    assert system_of(("id", "user_id", "created_at", "total")) is None


@pytest.mark.parametrize(
    ("order", "customer", "day", "money"),
    [
        ("Bestellnummer", "Kundennummer", "Bestelldatum", "Betrag"),
        ("Auftragsnr", "KundenNr.", "Auftragsdatum", "Gesamtbetrag"),
        ("rechnungsnummer", "kaeufer", "rechnungsdatum", "umsatz"),
        ("num_commande", "numéro_client", "date_commande", "montant_ttc"),
        ("NumeroFacture", "acheteur", "DateAchat", "Montant"),
        ("id_pedido", "id_cliente", "fecha_pedido", "importe"),
        ("numero_factura", "comprador", "fecha", "importe_total"),
        ("numero_ordine", "codice_cliente", "data_ordine", "importo"),
        ("id_scontrino", "socio", "data_acquisto", "totale"),
        ("nº_pedido", "código_cliente", "data_compra", "valor_total"),
        ("bestelnummer_id", "klantnummer", "besteldatum", "bedrag"),
        ("factuurnummer", "koper", "factuurdatum", "totaalbedrag"),
        ("numer_zamówienia", "id_klienta", "data_zamówienia", "kwota"),
        ("numer_zamowienia", "nabywca", "data_sprzedazy", "wartosc"),
        ("číslo_objednávky", "zákazník", "datum_objednávky", "částka"),
        ("cislo_objednavky", "zakaznik", "datum", "castka"),
        ("ordernummer", "kundnummer", "orderdatum", "belopp"),
        ("kvittonummer", "köpare", "köpdatum", "summa"),
        ("ordrenummer", "kundenummer", "ordredato", "beløb"),
        ("fakturanummer", "koeber", "fakturadato", "beloeb"),
        ("ordrenr", "kjøper", "kjøpsdato", "beløp"),
        ("tilausnumero", "asiakasnumero", "tilauspäivä", "summa"),
        ("kuittinumero", "asiakas_id", "ostopaiva", "loppusumma"),
        ("sipariş_no", "müşteri_no", "sipariş_tarihi", "tutar"),
        ("siparis_no", "musteri_no", "siparis_tarihi", "toplam_tutar"),
        ("номер_заказа", "клиент", "дата_заказа", "сумма"),
        ("НомерЗаказа", "КодКлиента", "ДатаПокупки", "Выручка"),
        ("nomer_zakaza", "id_klienta", "data_zakaza", "summa"),
        ("номер_замовлення", "покупець", "дата", "сума"),
        ("nomer_zamovlennya", "pokupets", "data", "suma"),
        ("αριθμός_παραγγελίας", "πελάτης", "ημερομηνία", "ποσό"),
        ("arithmos_parangelias_id", "pelatis", "imerominia", "poso"),
        ("rendelésszám", "ügyfél_azonosító", "rendelés_dátuma", "összeg"),
        ("rendeles_azonosito", "vevo", "datum", "vegosszeg"),
        ("număr_comandă", "cod_client", "dată_comandă", "sumă"),
        ("numar_factura", "cumparator", "data_facturii", "valoare"),
        ("订单编号", "客户编号", "下单时间", "金额"),
        ("訂單編號", "會員", "付款時間", "總金額"),
        ("注文番号", "顧客ID", "注文日", "合計金額"),
        ("伝票番号", "お客様番号", "購入日", "売上高"),
        ("주문번호", "고객번호", "주문일", "금액"),
        ("주문_번호", "회원ID", "구매일자", "결제금액"),
        ("رقم_الطلب", "رقم_العميل", "تاريخ_الطلب", "المبلغ"),
        ("رقم_الفاتورة", "العميل", "التاريخ", "الإجمالي"),
        ("הזמנה", "לקוח", "תאריך", "סכום"),
    ],
)
def test_columns_of_many_languages_play_their_roles(order: str, customer: str, day: str, money: str) -> None:
    columns = [
        CatalogColumn(order, "INTEGER", unique=True, sample=IDS),
        CatalogColumn(customer, "INTEGER", sample=WHO),
        CatalogColumn(day, "TEXT", sample=DAYS),
        CatalogColumn(money, "REAL", sample=MONEY),
    ]
    scorers = (order_id_score, customer_score, lambda c: date_score(c)[0], amount_score)
    for place, score in enumerate(scorers):
        found = [score(column) for column in columns]
        assert found.index(max(found)) == place, (place, found, [meaning(c.name) for c in columns])
        assert max(found) >= 0.5, (place, found)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Kundennummer", ("customer", "number")),
        ("Auftragsdatum", ("order", "date")),
        ("customerid", ("customer", "id")),
        ("orderno", ("order", "no")),
        ("valid", ("valid",)),
        ("category", ("category",)),
        ("casino", ("casino",)),
        ("ORDER_DATE", ("order", "date")),
        ("E-Mail", ("email",)),
        ("e_mail", ("email",)),
        ("Customer E-mail address", ("customer", "email")),
        ("Absender E-Mail-Adresse", ("payer", "email")),
    ],
)
def test_compounds_fall_into_known_words_and_others_stay(name: str, parts: tuple[str, ...]) -> None:
    assert meaning(name) == parts
