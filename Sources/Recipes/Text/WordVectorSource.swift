import Datasets
import Foundation
import Lab

/// Where a run's word vectors come from.
struct WordVectorSource {
  let source: Vectors
  private let dimension: Int

  /// The source of the run that `settings` are narrowed to.
  init(_ settings: SentenceRecipeSettings) throws(SettingError) {
    source = try settings.one(\.vectors)
    dimension = settings.data.dimension
  }

  /// Reads the vectors of a vocabulary's words, and notes them in the run's environment with the digest of what was read.
  ///
  /// - Parameters:
  ///   - vocabulary: The words.
  ///   - context: The run, which knows where to look.
  /// - Returns: A row for every word; none is found where the source is `random`.
  /// - Throws: `DatasetError` with every place that was looked in, or with what is wrong in the file.
  func vectors(for vocabulary: WordVocabulary, in context: RunContext) throws -> WordVectors {
    let vectors = try vectors(for: vocabulary, at: context.locator)
    try context.note(ReadVectors(source, vectors), as: "vectors")
    return vectors
  }

  /// The same outside of a run.
  func vectors(for vocabulary: WordVocabulary, at locator: DatasetLocator) throws -> WordVectors {
    switch source {
    case .random: return WordVectors(absent: vocabulary, dimension: dimension)
    case .glove:
      let file = try locator.textFile(
        ["glove.6B.\(dimension)d.txt", "glove.6B.\(dimension)d.txt.gz", "glove.6B.\(dimension)d.subset.txt"],
        what: "GloVe's vectors",
        advice: "nlp.stanford.edu/data/glove.6B.zip has them: name their folder with IDINIT_DATA")
      return try GloVeFile.read(file, for: vocabulary, dimension: dimension)
    case .word2vec:
      let names =
        (dimension == 300 ? ["GoogleNews-vectors-negative300.bin", "GoogleNews-vectors-negative300.bin.gz"] : [])
        + ["word2vec.\(dimension)d.bin", "word2vec.\(dimension)d.subset.bin"]
      let file = try locator.textFile(
        names, what: "word2vec's vectors",
        advice: "code.google.com/archive/p/word2vec has GoogleNews-vectors-negative300.bin.gz: name its folder with "
          + "IDINIT_DATA, and take --set data.dimension=300")
      return try Word2VecFile.read(file, for: vocabulary, dimension: dimension)
    }
  }
}

/// What was read of a file of word vectors.
private struct ReadVectors: RecordedData {
  let name: String
  let note: String
  let isOfficial = false
  let recordedParts: [RecordedPart]

  init(_ source: Vectors, _ vectors: WordVectors) {
    name = source.rawValue
    let file = source == .random ? "drawn here" : URL(fileURLWithPath: vectors.file).lastPathComponent
    note =
      "\(file), \(vectors.dimension) numbers a word, \(vectors.foundCount) of \(vectors.isFound.count - 1) words found"
    recordedParts = [RecordedPart(name: "words", count: vectors.foundCount, digest: vectors.digest)]
  }
}
