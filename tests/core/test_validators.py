import pytest

from piiguard import validators as v

# published specimens: issuers' documentation, standards' own examples
HOLD = [
    (v.luhn_card, "4111 1111 1111 1111"),
    (v.luhn_card, "3782-822463-10005"),
    (v.iban, "DE89 3704 0044 0532 0130 00"),
    (v.iban, "gb82 west 1234 5698 7654 32"),
    (v.aba_routing, "021000021"),
    (v.mx_clabe, "032180000118359719"),
    (v.nhs_number, "943 476 5919"),
    (v.us_mbi, "1EG4-TE5-MK73"),
    (v.au_medicare, "2123 45670 1"),
    (v.us_ssn, "078-05-1120"),
    (v.us_ssn, "123 45 6789"),
    (v.us_itin, "987-65-4321"),
    (v.ca_sin, "046 454 286"),
    (v.gb_nino, "QQ 12 34 56 C"),
    (v.gb_driver_number, "MORGA657054SM9IJ"),
    (v.sg_nric, "S1234567D"),
    (v.hk_hkid, "A123456(3)"),
    (v.br_cpf, "123.456.789-09"),
    (v.es_dni, "12345678-Z"),
    (v.es_nie, "X1234567L"),
    (v.it_codicefiscale, "RSSMRA85T10A562S"),
    (v.pl_pesel, "44051401359"),
    (v.nl_bsn, "1112.22.333"),
    (v.in_aadhaar, "2345 6789 0124"),
    (v.fi_hetu, "131052-308T"),
    (v.fi_hetu, "131052Y308T"),
    (v.fi_hetu, "131052-9096"),
    (v.kr_rrn, "880101-1234568"),
    (v.de_rvnr, "15 070649 C 103"),
    (v.de_kvnr, "A123456780"),
    (v.de_document, "C01X00T478"),
    (v.th_pin, "1-2345-45678-78-1"),
    (v.in_epic, "WKH1186253"),
    (v.se_personnummer, "811218-9876"),
    (v.fr_nir, "1 85 05 78 006 084 91"),
    (v.de_idnr, "86 095 742 719"),
    (v.au_tfn, "123 456 782"),
    (v.ch_ahv, "756.9217.0769.85"),
    (v.vin, "1HGCM82633A004352"),
    (v.crypto, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    (v.crypto, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    (v.crypto, "0x52908400098527886E0F7030069857D2E4169EE7"),
]
BREAK = [
    (v.luhn_card, "4111 1111 1111 1112"),
    (v.luhn_card, "0000 0000 0000 0000"),
    (v.iban, "DE89 3704 0044 0532 0130 01"),
    (v.iban, "DE89 3704 0044 0532 0130"),
    (v.aba_routing, "021000022"),
    (v.aba_routing, "990000003"),
    (v.mx_clabe, "032180000118359718"),
    (v.nhs_number, "943 476 5918"),
    (v.us_mbi, "1SG4-TE5-MK73"),
    (v.au_medicare, "2123 45671 1"),
    (v.us_ssn, "000-12-3456"),
    (v.us_ssn, "666-12-3456"),
    (v.us_ssn, "123-00-4567"),
    (v.us_ssn, "123-45-0000"),
    (v.us_ssn, "912-34-5678"),
    (v.us_itin, "912-34-5678"),
    (v.ca_sin, "046 454 287"),
    (v.gb_nino, "GB 12 34 56 C"),
    (v.gb_nino, "AB 12 34 56 E"),
    (v.gb_driver_number, "MORGA699054SM9IJ"),
    (v.sg_nric, "S1234567A"),
    (v.hk_hkid, "A123456(4)"),
    (v.br_cpf, "123.456.789-00"),
    (v.es_dni, "12345678A"),
    (v.es_nie, "X1234567A"),
    (v.it_codicefiscale, "RSSMRA85T10A562T"),
    (v.pl_pesel, "44051401358"),
    (v.nl_bsn, "111222334"),
    (v.in_aadhaar, "2345 6789 0123"),
    (v.fi_hetu, "131052-308A"),
    (v.se_personnummer, "811218-9875"),
    (v.fr_nir, "1 85 05 78 006 084 92"),
    (v.de_idnr, "86095742718"),
    (v.au_tfn, "123 456 783"),
    (v.vin, "1HGCM82633A004353"),
    (v.crypto, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"),
    (v.crypto, "3f786850e387550fdab836ed7e6dc881de23001b"),
    (v.crypto, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"),
    (v.iban_unless_hidden, "DE89 3704 0044 0532 0130 01"),
    (v.fi_hetu, "131052Q308T"),
    (v.kr_rrn, "880231-1234568"),
    (v.kr_rrn, "880101-9234568"),
    (v.kr_rrn, "880101-3234568"),
    (v.de_rvnr, "15 070649 C 104"),
    (v.de_kvnr, "A123456781"),
    (v.de_document, "C01X00T479"),
    (v.th_pin, "1-2345-45678-78-9"),
    (v.in_epic, "WKH1186263"),
    (v.crypto, "0x" + "0" * 40),
]


@pytest.mark.parametrize(("check", "value"), HOLD)
def test_a_published_specimen_holds_its_check(check, value):
    assert check(value) is True


@pytest.mark.parametrize(("check", "value"), BREAK)
def test_a_digit_or_a_range_off_breaks_it(check, value):
    assert check(value) is False


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (v.vin, "WVWZZZ1JZ3W386752"),  # a European maker need not fill position 9
        (v.crypto, "bc1qw5o8d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),  # o for 0: not for a checksum
        (v.iban_unless_hidden, "DE89 37O4 OO44 0532 0130 00"),
        (v.iban_unless_hidden, "GB82 WEST 1234 569B 7654 32"),
        (v.de_document, "C01X00T47"),
        (v.kr_rrn, "880101-5234567"),
        (v.crypto, "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"),
        (v.sg_nric, "M1234567A"),
        (v.phone, "+1 555 123 4567"),
        (v.phone, "5551234567"),
        (v.email_address, "jane dot roe at acme dot io"),
    ],
)
def test_what_holds_no_check_digit_stays_open(check, value):
    assert check(value) is None


@pytest.mark.parametrize(
    ("value", "public"),
    [
        ("8.8.8.8", True),
        ("192.0.2.1", True),
        ("198.51.100.7", True),
        ("203.0.113.7", True),
        ("2001:db8::1", True),
        ("[2a02:8109:9a40::f]", True),
        ("::ffff:203.0.113.7", True),
        ("10.0.0.1", False),
        ("172.16.4.4", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("169.254.1.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.0", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd12:3456::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("203.0.113.300", False),
    ],
)
def test_documentation_ranges_are_public_and_inner_ones_are_not(value, public):
    assert v.ip_address(value) is public


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("+44 20 7946 0958 ext. 12", True),
        ("+49 (0)30 1234567", True),
        ("(212) 555-0143", True),
        ("020 7946 0958", True),
        ("+44 7700 900123", None),  # Ofcom's range for drama is given to nobody
        ("+999 123", False),
        ("+1 23", False),
    ],
)
def test_a_phone_number_is_checked_against_its_plan(value, said):
    assert v.phone(value) is said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("jane@acme.example", True),
        ("o'brien+x@mail.acme.co.uk", True),
        ("hr@münchen.de", True),
        ("no-reply@acme.example", False),
        ("jira-noreply@acme.example", False),
        ("notifications@acme.example", False),
        ("git@github.com", False),
        ("foo@1.2.3-beta.rc", False),
        ("logo@2x.png", False),
        ("root@db01.internal", False),
        ("dana@users.noreply.github.com", False),
    ],
)
def test_mailboxes_of_systems_packages_and_files_are_no_addresses(value, said):
    assert v.email_address(value) is said


@pytest.mark.parametrize(
    ("label", "value", "said"),
    [
        ("CREDIT_CARD", "4242 4242 4242 4242", True),
        ("CREDIT_CARD", "4242 4242 4242 4241", False),
        ("CREDIT_CARD", "123", None),  # a CVV
        ("BANK_ACCOUNT", "DE89370400440532013000", True),
        ("BANK_ACCOUNT", "DE88370400440532013000", False),
        ("CREDIT_CARD", "4222222222223", False),
        ("CREDIT_CARD", "30569309025905", False),
        ("CREDIT_CARD", "9222222222223", None),  # no network's
        ("CREDIT_CARD", "4242 4242 4242 424l", None),
        ("CREDIT_CARD", "4242 **** **** 4241", None),
        ("BANK_ACCOUNT", "DE89 3704 0044 0532 0130", False),
        ("BANK_ACCOUNT", "DE89 3704 **** 0130 01", None),
        ("BANK_ACCOUNT", "12345678", None),
        ("NATIONAL_ID", "123-45-6789", True),
        ("NATIONAL_ID", "666-12-3456", False),
        ("NATIONAL_ID", "123456789", None),
        ("NATIONAL_ID", "881301-1234568", False),
        ("NATIONAL_ID", "880101-0234568", False),
        ("NATIONAL_ID", "880101-1234569", None),
        ("NATIONAL_ID", "6789", None),
        ("IP_ADDRESS", "203.0.113.7", True),
        ("IP_ADDRESS", "10.0.0.1", False),
        ("VEHICLE_ID", "1HGCM82633A004352", True),
        ("VEHICLE_ID", "1HGCM82633A004353", None),
        ("MEDICAL_RECORD", "943 476 5919", True),
        ("MEDICAL_RECORD", "MRN00482913", None),
        ("PHONE_NUMBER", "five five five oh one two three", None),
        ("EMAIL_ADDRESS", "noreply@acme.example", False),
        ("CRYPTO", "0x" + "ab" * 32, False),
        ("CRYPTO", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", False),
        ("CRYPTO", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfO0", None),
        ("DRIVER_LICENSE", "D1234567", None),
        ("MAC_ADDRESS", "ff:ff:ff:ff:ff:ff", False),
        ("PERSON", "Priya", None),
    ],
)
def test_a_label_vetoes_only_what_is_complete_and_wrong(label, value, said):
    assert v.check_value(label, value) is said


def test_confirm_only_veto_only_and_require_bend_a_check():
    bad, open_, good = "1HGCM82633A004353", "WVWZZZ1JZ3W386752", "1HGCM82633A004352"

    assert [v.confirm_only(v.vin)(value) for value in (bad, open_, good)] == [None, None, True]
    assert [v.veto_only(v.vin)(value) for value in (bad, open_, good)] == [False, None, None]
    assert [v.require(v.vin)(value) for value in (bad, open_, good)] == [False, False, True]
