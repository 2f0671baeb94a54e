"""Builds iJw 3.2 messages for tests: valid against the official XSDs unless a test breaks them on purpose."""

BASE = "http://www.istandaarden.nl/ijw/3_2/basisschema/schema"
GEMEENTE, AGB = "0361", "65656055"
CODES = {"JW301": "436", "JW305": "438", "JW307": "440", "JW315": "446"}
GROUPS = {
    "JW301": ("ToegewezenProducten", "ToegewezenProduct"),
    "JW305": ("StartProducten", "StartProduct"),
    "JW307": ("StopProducten", "StopProduct"),
    "JW315": ("AangevraagdeProducten", "AangevraagdProduct"),
}


def message(kind, *products, sent="2023-01-10", ident="1", bsn="111222333", born="2010-02-14", use=None, **more):
    """The bytes of a message; each product is the text that ``assigned``, ``start``, ``stop`` or ``asked`` gives."""
    gemeente, postcode = more.get("gemeente", GEMEENTE), more.get("postcode", "1811AB")
    sender, receiver = (gemeente, AGB) if kind == "JW301" else (AGB, gemeente)
    group, item = GROUPS[kind]
    full = kind == "JW301"
    usage = f"<b:DatumGebruik>{use}</b:DatumGebruik>" if use else ""
    contact = f"<Contact><Soort>03</Soort><Adres><b:Postcode>{postcode}</b:Postcode></Adres></Contact>"
    body = "\n".join(f"<{item}>{product}</{item}>" for product in products)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Bericht xmlns="http://www.istandaarden.nl/ijw/3_2/{kind.lower()}/schema" xmlns:b="{BASE}">
<Header><BerichtCode>{CODES[kind]}</BerichtCode><BerichtVersie>3</BerichtVersie><BerichtSubversie>2</BerichtSubversie>
<Afzender>{sender}</Afzender><Ontvanger>{receiver}</Ontvanger>
<BerichtIdentificatie><b:Identificatie>{ident}</b:Identificatie><b:Dagtekening>{sent}</b:Dagtekening></BerichtIdentificatie>
<XsdVersie><b:BasisschemaXsdVersie>1.0.0</b:BasisschemaXsdVersie><b:BerichtXsdVersie>1.0.0</b:BerichtXsdVersie></XsdVersie>
</Header>
<Client><Bsn>{bsn}</Bsn><Geboortedatum><b:Datum>{born}</b:Datum>{usage}</Geboortedatum>
<Geslacht>{more.get("gender", "2")}</Geslacht>
<Naam><b:Geslachtsnaam><b:Achternaam>Kanarie</b:Achternaam></b:Geslachtsnaam>
{"<b:NaamGebruik>1</b:NaamGebruik>" if full else ""}</Naam>
{f"<Contactgegevens>{contact}</Contactgegevens>" if full else ""}<{group}>
{body}
</{group}></Client></Bericht>""".encode()


def _product(category):
    return f"<Product><b:Categorie>{category}</b:Categorie></Product>"


def assigned(number=1, day="2022-11-01", category="32", reference=None, reason=None, ends=None):
    return (
        f"<ToewijzingNummer>{number}</ToewijzingNummer>"
        + (f"<ReferentieAanbieder>{reference}</ReferentieAanbieder>" if reference else "")
        + f"{_product(category)}<Toewijzingsdatum>{day}</Toewijzingsdatum><Toewijzingstijd>12:00:00</Toewijzingstijd>"
        + f"<Ingangsdatum>{day}</Ingangsdatum>"
        + (f"<Einddatum>{ends}</Einddatum>" if ends else "")
        + (f"<RedenWijziging>{reason}</RedenWijziging>" if reason else "")
    )


def start(number=1, begin="2022-12-01", status="1", category="32"):
    return (
        f"<ToewijzingNummer>{number}</ToewijzingNummer>{_product(category)}"
        f"<Begindatum>{begin}</Begindatum><StatusAanlevering>{status}</StatusAanlevering>"
    )


def stop(number=1, begin="2022-12-01", end="2023-01-05", reason="31", status="1", category="32"):
    return (
        f"<ToewijzingNummer>{number}</ToewijzingNummer>{_product(category)}<Begindatum>{begin}</Begindatum>"
        f"<RedenBeeindiging>{reason}</RedenBeeindiging><Einddatum>{end}</Einddatum>"
        f"<StatusAanlevering>{status}</StatusAanlevering>"
    )


def asked(reference="R1", referrer="02", name=None, category="32"):
    named = f"<b:Naam>{name}</b:Naam>" if name else ""
    return (
        f"<ReferentieAanbieder>{reference}</ReferentieAanbieder>{_product(category)}"
        f"<ToewijzingIngangsdatum>2022-11-01</ToewijzingIngangsdatum>"
        f"<Verwijzer><b:Type>{referrer}</b:Type>{named}</Verwijzer>"
    )
