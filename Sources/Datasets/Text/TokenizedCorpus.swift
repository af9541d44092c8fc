/// Documents as numbers of word pieces, sentence by sentence, side by side in memory.
struct TokenizedCorpus {
  /// Of all documents.
  private(set) var tokens: [Int32] = []
  /// Where each sentence is in `tokens`; none is empty.
  private(set) var sentences: [Range<Int>] = []
  /// Where each document is in `sentences`; none is empty.
  private(set) var documents: [Range<Int>] = []

  /// - Throws: `DatasetError`: what is wrong with a file, or fewer than two documents in all, so that no sentence could be
  ///   followed by one from another.
  init(_ corpora: [TextCorpus], _ tokenizer: WordPieceTokenizer) throws(DatasetError) {
    for corpus in corpora {
      try corpus.forEachDocument { document throws(DatasetError) in add(document, corpus.specials, tokenizer) }
    }
    guard documents.count > 1 else {
      throw DatasetError(
        .malformed, file: corpora.map(\.file).joined(separator: ", "),
        problem: documents.isEmpty ? "no text in it" : "a single document",
        expected: "at least two documents: half of the examples take their second part from another one",
        advice: "Put an empty line between documents, or name WikiText's format for WikiText's files")
    }
  }

  private mutating func add(
    _ document: [String], _ specials: [WordPieceVocabulary.Special], _ tokenizer: WordPieceTokenizer
  ) {
    let first = sentences.count
    for var sentence in document {
      let start = tokens.count
      sentence.withUTF8 { tokenizer.encode($0, recognizing: specials, into: &tokens) }
      if tokens.count > start { sentences.append(start..<tokens.count) }
    }
    if sentences.count > first { documents.append(first..<sentences.count) }
  }

  func count(_ sentence: Int) -> Int { sentences[sentence].count }
}
