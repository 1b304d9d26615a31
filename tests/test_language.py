from __future__ import annotations

import time

import pytest

from cxtext.language import detect_language, lemmatise, stop_words

TEXTS = {
    "nl": [
        "Ik heb drie kwartier in de wacht gestaan.",
        "ge moet gij da nie doen hè",
        "amai da was goe",
        "allez zeg da's nu toch wel straf",
        "ik was efkes content van die gast zenne",
        "goed geholpen snelle levering",
        "Vriendelijk personeel, geen klachten",
        "duurde te lang voor mij",
        "de customer service van bol is top",
        "Ik vind de app user friendly en de chat super snel",
        "Goed",
        "nvt",
        "rekening klopt nog steeds niet",
    ],
    "en": [
        "I had to wait for ages.",
        "The staff were lovely",
        "great service would recommend",
        "no complaints at all",
        "app keeps crashing",
        "they never rang back",
        "Good",
    ],
    "de": ["Ich habe drei Stunden gewartet und niemand hat mir geholfen.",
           "Sehr freundliches Personal, schnelle Lieferung"],
    "fr": ["J'ai attendu deux heures au téléphone", "Très bon accueil, personnel souriant"],
    "es": ["Esperé dos horas en la cola", "No me gustó nada la comida"],
    "it": ["Ho aspettato due ore al telefono", "La consegna è arrivata in ritardo"],
    "pt": ["Não gostei nada do serviço", "Esperei duas horas no telefone"],
    "pl": ["Obsługa była bardzo miła i szybka", "Czekałem dwie godziny na telefon"],
    "tr": ["Hizmet çok kötüydü ve yavaştı"],
    "sv": ["Jag fick vänta i två timmar"],
    "ro": ["Serviciul a fost foarte bun și rapid"],
    "ru": ["Очень хорошее обслуживание"],
    "uk": ["Дуже гарне обслуговування, їм дякую"],
    "ar": ["كانت الخدمة جيدة جدا"],
    "el": ["Πολύ καλή εξυπηρέτηση"],
    "zh": ["服务非常好"],
    "ja": ["サービスはとても良かったです"],
    "": ["", "  \n", "12345 ... !!", "KPN", "😀👍", "http://voorbeeld.nl/the-and-of", "jan@voorbeeld.nl", "8",
         "-", "x"],
}  # fmt: skip


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in TEXTS.items() for text in texts])
def test_language_of_a_text(language: str, text: str) -> None:
    """Short answers are told apart; what has no words has no language."""
    assert detect_language(text) == language


def test_language_of_a_dutch_interview_with_english_words() -> None:
    """The language of most words is that of the document."""
    text = "Toen dacht ik: what the hell, dit is toch geen customer service meer? The worst experience ever."
    assert detect_language(text * 5) == "nl"


@pytest.mark.parametrize("text", ["a" * 2_000_000, "ik heb toen gebeld " * 200_000, "@" * 1_000_000, "." * 1_000_000])
def test_only_the_begin_of_a_long_text_is_read(text: str) -> None:
    """A text of megabytes takes no longer than one of a few pages."""
    begin = time.process_time()
    detect_language(text)
    assert time.process_time() - begin < 2


@pytest.mark.parametrize(
    "word", ["eh", "nou", "hè", "dus", "gewoon", "eigenlijk", "allez", "ge", "gij", "efkes", "amai"]
)
def test_dutch_fillers_are_stop_words(word: str) -> None:
    """Spoken fillers, also Flemish ones, never name a theme."""
    assert word in stop_words("nl")


@pytest.mark.parametrize("word", ["wachttijd", "service", "prijs", "vriendelijk", "goed", "klaar"])
def test_words_with_content_are_no_stop_words(word: str) -> None:
    """What may name a theme is no stop word."""
    assert word not in stop_words("nl")


def test_stop_words_of_other_languages() -> None:
    """English has fillers too, other languages their function words, unknown ones none."""
    assert "um" in stop_words("en")
    assert "nicht" in stop_words("de")
    assert stop_words("xx") == frozenset()


def test_stop_words_are_in_lower_case() -> None:
    """A word is looked up in lower case, with a straight apostrophe."""
    words = stop_words("nl") | stop_words("en")
    assert all(word == word.lower().replace("’", "'") for word in words)


@pytest.mark.parametrize(
    ("word", "language", "lemma"),
    [
        ("wachttijden", "nl", "wachttijd"),
        ("Facturen", "nl", "factuur"),
        ("gebeld", "nl", "bellen"),
        ("Houses", "en", "house"),
        ("Xyzzyq", "nl", "xyzzyq"),
        ("Huizen", "", "huizen"),
        ("Huizen", "xx", "huizen"),
        ("", "nl", ""),
    ],
)
def test_lemma(word: str, language: str, lemma: str) -> None:
    """Words get their dictionary form, unknown words and languages lower case."""
    assert lemmatise(word, language) == lemma
