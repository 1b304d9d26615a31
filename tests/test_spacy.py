"""cxtext in a spaCy pipeline."""

import spacy


def test_the_component_codes_sentences_as_spans():
    """Found by its name alone; every coding is a span with its label, score and evidence."""
    nlp = spacy.blank("nl")
    nlp.add_pipe("cxtext", config={"model": "fast"})
    doc = nlp("Ik heb drie kwartier in de wacht gestaan. Daarna was het binnen een minuut opgelost!")
    labels = {(span.text, span.label_) for span in doc.spans["cxtext"]}
    assert ("Ik heb drie kwartier in de wacht gestaan.", "kind/pain") in labels
    assert len(doc.user_data["cxtext"]) == len(doc.spans["cxtext"])
    assert all(0 <= detail["score"] <= 1 for detail in doc.user_data["cxtext"])


def test_a_pipeline_is_stored_and_many_texts_come_in_order(tmp_path):
    """to_disk and load give the same pipeline; empty texts have no spans."""
    nlp = spacy.blank("nl")
    nlp.add_pipe("cxtext", config={"model": "fast"})
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    texts = ["Wat een waardeloze service!", "", "Top geholpen door de monteur."]
    found = [[(span.label_, span.start) for span in doc.spans["cxtext"]] for doc in again.pipe(texts, batch_size=2)]
    docs = [nlp(text) for text in texts]
    assert found == [[(span.label_, span.start) for span in doc.spans["cxtext"]] for doc in docs]
    assert found[1] == []
    assert spacy.blank("nl").from_config(nlp.config).from_bytes(nlp.to_bytes()).pipe_names == ["cxtext"]
