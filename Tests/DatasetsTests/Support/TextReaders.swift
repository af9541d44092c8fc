#if canImport(Datasets)
  @testable import Datasets
#endif

/// The readers of text files, and what must hold of each for any bytes at all. The tests and the fuzzer
/// (Tests/Fuzz/TextFuzz.swift) share it.
enum TextReader: Character, CaseIterable {
  case glove = "g"
  case word2vec = "w"
  case sentences = "s"
  case vocabulary = "v"
  case lines = "l"
  case wikiText = "k"
  case examples = "b"

  /// Reads a file from end to end.
  ///
  /// - Returns: How much was read: vectors, sentences, pieces, documents or examples.
  func read(_ file: String, words: WordVocabulary) throws(DatasetError) -> Int {
    switch self {
    case .glove: return try checked(GloVeFile.read(file, for: words), words)
    case .word2vec: return try checked(Word2VecFile.read(file, for: words), words)
    case .sentences:
      let sentences = try SentenceFile.read(file, name: "text", classCount: 6)
      precondition(sentences.labels.allSatisfy { $0 < 6 }, "a label that is no class")
      return sentences.count
    case .vocabulary:
      let pieces = try WordPieceVocabulary(file: file)
      for (index, piece) in pieces.pieces.enumerated() {
        precondition(pieces.id(of: piece) == Int32(index), "a piece that is not found")
      }
      return pieces.count
    case .lines: return try documents(.blankLines, file)
    case .wikiText: return try documents(.wikiText, file)
    case .examples:
      let examples = try BERTExamples(file: file)
      for index in 0..<min(examples.count, 100) { _ = try examples.batch([index]) }
      return examples.count
    }
  }

  private func checked(_ vectors: WordVectors, _ words: WordVocabulary) -> Int {
    precondition(vectors.values.count == words.count * vectors.dimension, "a table of another size")
    precondition(vectors.values.allSatisfy(\.isFinite), "a number that is none")
    return vectors.foundCount
  }

  private func documents(_ format: TextCorpus.Format, _ file: String) throws(DatasetError) -> Int {
    var count = 0
    try TextCorpus(file: file, format: format).forEachDocument { (sentences) throws(DatasetError) in
      precondition(!sentences.isEmpty && sentences.allSatisfy { !$0.isEmpty }, "an empty document or sentence")
      count += 1
    }
    return count
  }

  /// What is wrong with an error's text: it is one line that names the file first, and in it the place, but where
  /// all of the file is meant; nothing in it can steer a terminal.
  static func fault(of error: DatasetError, file: String) -> String? {
    let text = error.description
    if !text.hasPrefix(file) { return "an error without the file" }
    if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      return "an error with control characters"
    }
    if text.utf8.count > 1024 { return "an error of \(text.utf8.count) bytes" }
    let isOfAll = [.truncated, .corrupt, .mismatch].contains(error.kind) || error.problem.contains("pieces lack")
    if error.place == nil && !isOfAll { return "an error without a place" }
    return nil
  }
}
