import Datasets
import Lab

/// The sentences of a data set as numbers of words, cleaned as Kim's code does it.
///
/// Words of training, validation and test sentences are numbered alike: their vectors are known without any training
/// (``/Datasets/WordVocabulary``).
struct SentenceWords {
  let vocabulary: WordVocabulary
  let train: SentenceClassification.Sentences
  let test: SentenceClassification.Sentences

  init(_ dataset: SentenceDataset) throws(DatasetError) {
    // The treebank is in pieces already; all words lower-cased, as GloVe's are and both small sets of vectors.
    let cleaning: SentenceCleaning = dataset.name == "trec6" ? .general : .treebank
    func words(_ part: LabeledSentences) -> [[String]] {
      part.sentences.map { cleaning.words(of: $0, lowercased: true) }
    }
    let (train, test) = (words(dataset.train), words(dataset.test))
    let validation = dataset.validation.map(words) ?? []
    let vocabulary = try WordVocabulary(train + validation + test)
    func numbered(
      _ words: [[String]], _ part: LabeledSentences
    ) throws(DatasetError) -> SentenceClassification.Sentences {
      .init(
        name: part.name, ids: try words.map { sentence throws(DatasetError) in try vocabulary.encode(sentence) },
        labels: part.labels)
    }
    self.vocabulary = vocabulary
    self.train = try numbered(train, dataset.train)
    self.test = try numbered(test, dataset.test)
  }
}
