"""PresidioDetector: Microsoft Presidio as baseline and as labelling function. Owns presidio_analyzer in this room."""

from collections.abc import Sequence

import spacy
import tldextract.tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine

from piiguard.labels import LABELS
from piiguard.messages import Message
from piiguard.spans import Span, merge_spans

#: Presidio's names -> ours. Its DATE_TIME and LOCATION are wider than ours and left out.
NAMES = {
    "PERSON": "PERSON",
    "EMAIL_ADDRESS": "EMAIL_ADDRESS",
    "PHONE_NUMBER": "PHONE_NUMBER",
    "CREDIT_CARD": "CREDIT_CARD",
    "IBAN_CODE": "BANK_ACCOUNT",
    "US_BANK_NUMBER": "BANK_ACCOUNT",
    "ABA_ROUTING_NUMBER": "BANK_ACCOUNT",
    "CRYPTO": "CRYPTO",
    "IP_ADDRESS": "IP_ADDRESS",
    "MAC_ADDRESS": "MAC_ADDRESS",
    "US_SSN": "NATIONAL_ID",
    "US_ITIN": "NATIONAL_ID",
    "UK_NINO": "NATIONAL_ID",
    "US_PASSPORT": "PASSPORT",
    "US_DRIVER_LICENSE": "DRIVER_LICENSE",
    "UK_NHS": "MEDICAL_RECORD",
    "US_MBI": "MEDICAL_RECORD",
}


# Its e-mail recogniser would fetch a list of domain suffixes; the one inside the package does.
tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())


class PresidioDetector:
    """Presidio's own recognisers over a blank English pipeline: no model, no network.

    Without a named-entity model it knows no PERSON; ``knows`` says what it can speak about.
    """

    name = "presidio"
    knows = frozenset(NAMES.values()) - {"PERSON"}

    def __init__(self, threshold: float = 0.4) -> None:
        engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "blank"}])
        engine.nlp = {"en": spacy.blank("en")}  # type: ignore[assignment]
        registry = RecognizerRegistry(supported_languages=["en"])
        registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
        self._analyzer = AnalyzerEngine(
            registry=registry, nlp_engine=engine, supported_languages=["en"]
        )
        self._threshold = threshold

    def detect_batch(self, messages: Sequence[Message]) -> list[list[Span]]:
        return [self._detect(message.text) for message in messages]

    def _detect(self, text: str) -> list[Span]:
        results = self._analyzer.analyze(
            text=text, language="en", entities=list(NAMES), score_threshold=self._threshold
        )
        return merge_spans(
            Span(r.start, r.end, NAMES[r.entity_type], float(r.score), self.name)
            for r in results
            if r.start < r.end
        )


assert set(NAMES.values()) <= set(LABELS)
